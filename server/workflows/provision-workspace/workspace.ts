import { ensure } from '../../ledger'
import { ProviderError } from '../../lib/errors'
import { type Base, findProvider, type Provisioned } from '../../lib/providers'
import { findActiveRun, setRunStatus } from '../../db/queries/runs'
import { findWorkspace, keepWorkspace, type WorkspaceRecord } from '../../db/queries/workspaces'
import { endRun } from '../end'
import type { Failure } from '../../../shared/schemas/problem'
import { workspaceName } from '../../../shared/utils/workspace-names'

/** What a workspace is called outside. */
export const nameOf = ({ kind, challengeIndex, slug }: WorkspaceRecord): string => workspaceName(kind, challengeIndex, slug)

/** The mark by which a thing outside is known again as this workspace's own. */
export const markerOf = ({ id }: Pick<WorkspaceRecord, 'id'>): string => `atelier:${id}`

/**
 * Sees to it that the challenge's workspace is there: waits for the run that makes it, and makes
 * it here when there is none.
 * @returns the name of the challenge's workspace; null when the challenge has none in this repository any more
 */
export async function ensureParent(runId: string, parentId: string | null): Promise<string | null> {
  const parent = parentId && await findWorkspace(parentId)
  if (!parent) return null
  if (parent.status !== 'ready') {
    const run = await findActiveRun(parent.id)
    if (run) throw underWay(parent, run.status === 'waiting')
    await keepWorkspace(parent, { status: 'ready', ...await ensureWorkspace(runId, parent, await findBase(parent, null)) })
  }
  return nameOf(parent)
}

/** What the workspace begins from: what was named, else the challenge's, else what its provider takes. */
export async function findBase({ repoType, type, parentRef, baseBranch }: WorkspaceRecord, challengeBranch: string | null): Promise<Base> {
  return await findProvider(repoType, type).findBase?.({ parentRef, baseBranch: baseBranch ?? challengeBranch ?? undefined }) ?? {}
}

/** Makes the workspace, or finds that it was made. While a person has to do something first, its run shows that. */
export async function ensureWorkspace(runId: string, workspace: WorkspaceRecord, base: Base): Promise<Provisioned> {
  const { id, parentRef, title, options, createdAt } = workspace
  const provider = findProvider(workspace.repoType, workspace.type)
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
export async function settle(runId: string, unmade: WorkspaceRecord | undefined, unforeseen: Failure | null = null): Promise<void> {
  if (unmade?.status === 'pending') await keepWorkspace(unmade, { status: 'failed' })
  await endRun(runId, unforeseen)
}

const [SOON_MS, LATER_MS] = [500, 10_000]

const underWay = (parent: WorkspaceRecord, awaitsPerson: boolean) => new ProviderError({
  code: 'RESOURCE_BUSY',
  message: `The challenge's workspace ${nameOf(parent)} is being made.`,
  why: 'A task\'s workspace begins from its challenge\'s.',
  fix: 'Nothing: it goes on by itself.',
  retryable: true,
  retryAfter: awaitsPerson ? LATER_MS : SOON_MS,
})
