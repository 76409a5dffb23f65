import { audited } from '../ledger'
import { findProvider, providerOfType } from './providers'
import type { RepoRow } from '../projects'
import type { NewWorkspace, WorkspaceRecord } from './queries/workspaces'
import type { WorkspaceSpec } from '../../shared/schemas/workspace'
import { workspaceName } from '../../shared/utils/workspace-names'
import { problem } from '../http/problem'
import { validate } from '../http/validate'

/**
 * What a workspace of that name is to be in a repository. A base that was named is looked for now,
 * so that a mistake is told before anything is written.
 * @throws 400 for options that the provider does not know, and what `findProvider` and the provider throw
 */
export async function planWorkspace({ id, type: repoType, externalRepoId }: RepoRow, name: string, spec: WorkspaceSpec): Promise<NewWorkspace> {
  const provider = findProvider(repoType, spec.workspace_type)
  const options = validate(provider.options, spec.options ?? {}, 'options')
  const baseBranch = spec.base_branch
  if (baseBranch !== undefined) {
    if (!provider.findBase) throw problem('NO_BASE', { provider: provider.name })
    await audited({}, () => provider.findBase!({ parentRef: externalRepoId, baseBranch }))
  }
  return { repoId: id, provider: provider.name, type: provider.type, ref: provider.refOf(externalRepoId, name), baseBranch, options }
}

/**
 * What a task's workspace is to be in a repository: as its challenge's is. What its provider lacks
 * now is the workspace's failure, and no reason to keep anybody from the task.
 */
export function planTaskWorkspace({ repoId, type, parentRef, challengeIndex, options }: WorkspaceRecord, slug: string): NewWorkspace {
  const provider = providerOfType(type)
  return { repoId, provider: provider.name, type, ref: provider.refOf(parentRef, workspaceName('task', challengeIndex, slug)), options }
}
