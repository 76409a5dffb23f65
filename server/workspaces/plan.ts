import { audited } from '../ledger'
import { findProvider, providerOfType } from './providers'
import type { RepoRow } from '../projects'
import type { NewWorkspace, WorkspaceRecord } from './queries/workspaces'
import type { WorkspaceSpec } from '../../shared/schemas/workspace'
import { workspaceName } from '../../shared/utils/workspace-names'
import { type Actor, requireUnbound } from '../http/access'
import { problem } from '../http/problem'
import { validate } from '../http/validate'

/**
 * Plans a workspace of that name in a repository. A named base is looked up now, so that a mistake shows before
 * anything is written.
 * @throws 400 for options that the provider does not know, 403 for options that lead out of the scope, and what `findProvider`
 * and the provider throw
 */
export async function planWorkspace(repo: RepoRow, name: string, spec: WorkspaceSpec, by: Actor): Promise<NewWorkspace> {
  const { id, type: repoType, externalRepoId } = repo
  const provider = findProvider(repoType, spec.workspace_type)
  const options = validate(provider.options, spec.options ?? {}, 'options')
  if (provider.reachesBeyond?.(options)) requireUnbound(by)
  const baseBranch = spec.base_branch
  if (baseBranch !== undefined) {
    if (!provider.findBase) throw problem('NO_BASE', { provider: provider.name })
    await audited({}, () => provider.findBase!({ parentRef: externalRepoId, baseBranch }))
  }
  return { repoId: id, provider: provider.name, type: provider.type, ref: provider.refOf(externalRepoId, name), baseBranch, options }
}

/**
 * Plans a task's workspace in a repository, like that of its challenge. A provider without its variables makes the
 * workspace fail, but does not prevent the assignment.
 */
export function planTaskWorkspace({ repoId, type, parentRef, challengeIndex, options }: WorkspaceRecord, slug: string): NewWorkspace {
  const provider = providerOfType(type)
  return { repoId, provider: provider.name, type, ref: provider.refOf(parentRef, workspaceName('task', challengeIndex, slug)), options }
}
