import { audited } from '../ledger'
import { ProviderError, toFailure } from '../lib/errors'
import type { WorkspaceRecord } from '../db/queries/workspaces'
import { asMade, providerOf } from '../workflows/provision-workspace/workspace'
import type { Workspace } from '../../shared/schemas/workspace'

type RealStateOf = Pick<Workspace, 'real' | 'realError'>

/** What a workspace that was made is like now. */
export const realStateOf = (workspace: WorkspaceRecord): Promise<RealStateOf> =>
  workspace.status === 'ready' ? askProvider(workspace) : Promise.resolve({ real: null, realError: null })

/** Asks the provider what a workspace is like now; a provider that cannot be asked is a part of the answer. */
export async function askProvider(workspace: WorkspaceRecord): Promise<RealStateOf> {
  try {
    return { real: await audited({}, () => providerOf(workspace).getStatus(asMade(workspace))), realError: null }
  }
  catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return { real: null, realError: toFailure(error) }
  }
}
