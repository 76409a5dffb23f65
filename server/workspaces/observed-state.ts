import { audited } from '../ledger'
import { ProviderError, toFailure } from '../lib/errors'
import type { WorkspaceRecord } from './queries/workspaces'
import { providerOf, toExisting } from './provision'
import type { Workspace } from '../../shared/schemas/workspace'
import { workspaceContext } from './subject'

type Observation = Pick<Workspace, 'observed' | 'observedError'>

/** The state of a created workspace, as its provider reports it now. */
export const observedStateOf = (workspace: WorkspaceRecord): Promise<Observation> =>
  workspace.status === 'ready' ? askProvider(workspace) : Promise.resolve({ observed: null, observedError: null })

/** Asks the provider for the state of a workspace; a failure of the provider is part of the answer. */
export async function askProvider(workspace: WorkspaceRecord): Promise<Observation> {
  try {
    const observed = await audited(workspaceContext(workspace), () => providerOf(workspace).getStatus(toExisting(workspace)))
    return { observed, observedError: null }
  }
  catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return { observed: null, observedError: toFailure(error) }
  }
}
