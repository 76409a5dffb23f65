import { audited } from '../ledger'
import { ProviderError, toFailure } from '../lib/errors'
import type { WorkspaceRecord } from './queries/workspaces'
import { asMade, providerOf } from './provision'
import type { Workspace } from '../../shared/schemas/workspace'

type Observation = Pick<Workspace, 'real' | 'observedError'>

/** What a workspace that was made is like now. */
export const observedStateOf = (workspace: WorkspaceRecord): Promise<Observation> =>
  workspace.status === 'ready' ? askProvider(workspace) : Promise.resolve({ real: null, observedError: null })

/** Asks the provider what a workspace is like now; a provider that cannot be asked is a part of the answer. */
export async function askProvider(workspace: WorkspaceRecord): Promise<Observation> {
  try {
    return { real: await audited({}, () => providerOf(workspace).getStatus(asMade(workspace))), observedError: null }
  }
  catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return { real: null, observedError: toFailure(error) }
  }
}
