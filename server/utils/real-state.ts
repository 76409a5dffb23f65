import { audited } from '../ledger'
import { ProviderError, toFailure } from '../lib/errors'
import { findProvider, type MadeWorkspace } from '../lib/providers'
import { workspaceName } from '../../shared/utils/workspace-names'
import type { WorkspaceRecord } from '../db/queries/workspaces'
import type { Workspace } from '../../shared/schemas/workspace'

/** The workspace as its provider knows it. */
export const asMade = ({ id, kind, challengeIndex, slug, parentRef, ref, meta }: WorkspaceRecord): MadeWorkspace =>
  ({ parentRef, name: workspaceName(kind, challengeIndex, slug), ref, marker: `atelier:${id}`, meta })

/** Asks the provider what a workspace is like now; a provider that cannot be asked is a part of the answer. */
export async function realStateOf(workspace: WorkspaceRecord): Promise<Pick<Workspace, 'real' | 'realError'>> {
  if (workspace.status !== 'ready') return { real: null, realError: null }
  try {
    return { real: await audited({}, () => findProvider(workspace.repoType, workspace.type).getStatus(asMade(workspace))), realError: null }
  }
  catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return { real: null, realError: toFailure(error) }
  }
}
