import { ensure } from '../ledger'
import { ProviderError } from '../lib/errors'
import { type Base, findProvider, type MadeWorkspace, type Provisioned, type WorkspaceProvider } from './providers'
import { hasResources } from '../ledger/queries/removals'
import { findActiveRun, setRunStatus } from '../engine/queries/runs'
import { updateWorkspace, listChallengeWorkspaces, type WorkspaceRecord } from './queries/workspaces'
import { endRun } from '../engine/settle'
import type { Failure } from '../../shared/schemas/problem'
import { workspaceName } from '../../shared/utils/workspace-names'

/** What a workspace is called outside. */
export const nameOf = ({ kind, challengeIndex, slug }: WorkspaceRecord): string => workspaceName(kind, challengeIndex, slug)

/** The mark by which a thing outside is known again as this workspace's own, also when it was unlinked and is linked again. */
export const markerOf = ({ challengeId, taskId, repoId }: Pick<WorkspaceRecord, 'challengeId' | 'taskId' | 'repoId'>): string => `atelier:${taskId ?? challengeId}/${repoId}`

/** The workspace as its provider knows it. */
export const asMade = (workspace: WorkspaceRecord): MadeWorkspace =>
  ({ parentRef: workspace.parentRef, name: nameOf(workspace), ref: workspace.ref, marker: markerOf(workspace), meta: workspace.meta })

/** The provider of a workspace, when it can be used now. @throws ProviderError MISSING_CONFIGURATION */
export const providerOf = ({ repoType, type }: Pick<WorkspaceRecord, 'repoType' | 'type'>): WorkspaceProvider => findProvider(repoType, type)

/**
 * Sees to it that the challenge's workspace is there, where one begins from the other: waits for the
 * run that is at it, and makes it here when there is none. A run that is queued is not waited for:
 * its turn may come only after this one's.
 * @returns the name of the challenge's workspace; null when there is none to begin from
 */
export async function ensureParent(runId: string, { parentId, ...own }: WorkspaceRecord): Promise<string | null> {
  const [parent] = parentId && providerOf(own).findBase ? await listChallengeWorkspaces({ id: parentId }) : []
  if (!parent) return null
  const run = await findActiveRun(parent.id)
  if (run && !run.isQueued) throw underWay(parent)
  if (parent.status !== 'ready') await updateWorkspace(parent, { status: 'ready', ...await ensureWorkspace(runId, parent, await ensureBase(parent, null)) })
  return nameOf(parent)
}

/**
 * What the workspace begins from: what was named, else the challenge's, else what its provider takes.
 * Kept with the workspace, as from the moment that something may have been made it must stay the same.
 */
export async function ensureBase(workspace: WorkspaceRecord, challengeBranch: string | null): Promise<Base> {
  const { id, parentRef, baseBranch, meta } = workspace
  if (await hasResources(id)) return meta
  const base = await providerOf(workspace).findBase?.({ parentRef, baseBranch: baseBranch ?? challengeBranch ?? undefined }) ?? {}
  await updateWorkspace(workspace, { meta: base })
  return base
}

/** Makes the workspace, or finds that it was made. While a person has to do something first, its run shows that. */
export async function ensureWorkspace(runId: string, workspace: WorkspaceRecord, base: Base): Promise<Provisioned> {
  const { id, parentRef, title, options, createdAt } = workspace
  const provider = providerOf(workspace)
  try {
    return await provider.provision(
      { parentRef, name: nameOf(workspace), title, marker: markerOf(workspace), base, options, createdAt },
      (thing, maker) => ensure({ subjectType: 'workspace', subjectId: id, runId, service: provider.makes.service, key: 'main', ...thing }, maker),
    )
  }
  catch (error) {
    if (error instanceof ProviderError && error.code === 'AWAITS_PERSON') await setRunStatus(runId, 'waiting')
    throw error
  }
}

/**
 * Ends the run by what became of its items.
 * @param unmade the workspace, when it could not be made: it is shown as failed
 */
export async function settle(runId: string, unmade: WorkspaceRecord | undefined, unexpected: Failure | null = null): Promise<void> {
  if (unmade?.status === 'pending') await updateWorkspace(unmade, { status: 'failed' })
  await endRun(runId, unexpected)
}

/**
 * Looks whether what was made may be removed.
 * @returns removes it; null when it is not there
 * @throws ProviderError RESOURCE_CONFLICT when somebody has worked in it, or no program can remove it
 */
export async function findRemovable(workspace: WorkspaceRecord): Promise<(() => Promise<void>) | null> {
  const provider = providerOf(workspace)
  const made = asMade(workspace)
  if (provider.deprovision) return provider.deprovision(made)
  if ((await provider.getStatus(made)).state === 'missing') return null
  throw cannotRemove(provider.name)
}

const SOON_MS = 500

const underWay = (parent: WorkspaceRecord) => new ProviderError({
  code: 'RESOURCE_BUSY',
  message: `A run is at the challenge's workspace ${nameOf(parent)}.`,
  why: 'A task\'s workspace begins from its challenge\'s.',
  fix: 'Nothing: it goes on by itself.',
  retryable: true,
  retryAfter: SOON_MS,
})

const cannotRemove = (provider: string) => new ProviderError({
  code: 'RESOURCE_CONFLICT',
  message: `A ${provider} cannot be removed from here.`,
  why: 'Its service has no call that does so.',
  fix: 'Remove it there by hand, and unlink without removing it.',
  retryable: false,
})
