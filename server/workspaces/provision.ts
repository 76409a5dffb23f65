import { findActiveRun } from '../engine/queries/runs'
import { andThen, attempt, ensure, type Outcome, type RunRef } from '../ledger'
import { hasResources } from '../ledger/queries/resources'
import { providerError } from '../lib/errors'
import { workspaceName } from '../../shared/utils/workspace-names'
import { type Base, type ExistingWorkspace, findProvider, type Provisioned, type WorkspaceProvider } from './providers'
import { listChallengeWorkspaces, updateWorkspace, WORKSPACE_GROUP, type WorkspaceRecord } from './queries/workspaces'

/** Time after which a task's run checks the challenge's workspace again: its run takes about as long. */
const PARENT_BUSY_MS = 500

/** The name of a workspace outside. */
export const nameOf = ({ kind, challengeIndex, slug }: WorkspaceRecord): string => workspaceName(kind, challengeIndex, slug)

/** The marker by which an outside resource is recognised as this workspace's own, also when it is unlinked and linked again. */
export const markerOf = ({ challengeId, taskId, repoId }: Pick<WorkspaceRecord, 'challengeId' | 'taskId' | 'repoId'>): string =>
  `atelier:${taskId ?? challengeId}/${repoId}`

/** The workspace as its provider knows it. */
export const toExisting = (workspace: WorkspaceRecord): ExistingWorkspace => ({
  parentRef: workspace.parentRef, name: nameOf(workspace), ref: workspace.ref, marker: markerOf(workspace), meta: workspace.meta,
})

/** The provider of a workspace, when it can be used now. @throws ProviderError MISSING_CONFIGURATION */
export const providerOf = ({ repoType, type }: Pick<WorkspaceRecord, 'repoType' | 'type'>): WorkspaceProvider =>
  findProvider(repoType, type)

/** Provisions the workspace of a challenge. It may be called again after a crash at any point. */
export async function provisionChallengeWorkspace(run: RunRef, workspace: WorkspaceRecord): Promise<Outcome<Provisioned>> {
  return provisionFrom(null, run, workspace)
}

/** Provisions the workspace of a task, from that of its challenge where the provider has such a base. */
export async function provisionTaskWorkspace(run: RunRef, workspace: WorkspaceRecord): Promise<Outcome<Provisioned>> {
  const parent = await attempt(run, 'PREPARE_PARENT', 'main', () => ensureParent(run, workspace))
  return andThen(parent, name => provisionFrom(name, run, workspace))
}

async function provisionFrom(parent: string | null, run: RunRef, workspace: WorkspaceRecord): Promise<Outcome<Provisioned>> {
  const base = await attempt(run, 'FIND_BASE', 'main', () => ensureBase(workspace, parent))
  return andThen(base, found => attempt(run, 'CREATE_WORKSPACE', 'main', () => ensureWorkspace(run, workspace, found)))
}

/**
 * Ensures that the challenge's workspace exists, where the task's starts from it: waits for the run that creates it,
 * and creates it here when there is none. It does not wait for a queued run, which may be dispatched only after this
 * one ends.
 * @returns the name of the challenge's workspace; null when there is none to start from
 */
async function ensureParent(run: RunRef, { parentId, ...own }: WorkspaceRecord): Promise<string | null> {
  const [parent] = parentId && providerOf(own).findBase ? await listChallengeWorkspaces({ id: parentId }) : []
  if (!parent) return null
  const active = await findActiveRun(WORKSPACE_GROUP, parent.id)
  if (active && !active.isQueued) throw providerError('PARENT_BUSY', { name: nameOf(parent) }, { retryAfter: PARENT_BUSY_MS })
  if (parent.status !== 'ready') {
    const created = await ensureWorkspace(run, parent, await ensureBase(parent, null))
    await updateWorkspace(parent, { status: 'ready', ...created })
  }
  return nameOf(parent)
}

/**
 * What the workspace starts from: the named base, else the challenge's workspace, else the provider's default. It is
 * stored with the workspace: once something may have been created it must not change.
 */
async function ensureBase(workspace: WorkspaceRecord, challengeBranch: string | null): Promise<Base> {
  const { id, parentRef, baseBranch, meta } = workspace
  if (await hasResources(id)) return meta
  const base = await providerOf(workspace).findBase?.({ parentRef, baseBranch: baseBranch ?? challengeBranch ?? undefined }) ?? {}
  await updateWorkspace(workspace, { meta: base })
  return base
}

/** Creates the workspace, or finds that it was created. */
async function ensureWorkspace({ runId }: RunRef, workspace: WorkspaceRecord, base: Base): Promise<Provisioned> {
  const { id, parentRef, title, options, createdAt } = workspace
  const provider = providerOf(workspace)
  return provider.provision(
    { parentRef, name: nameOf(workspace), title, marker: markerOf(workspace), base, options, createdAt },
    (resource, driver) => ensure(
      { subjectType: 'workspace', subjectId: id, runId, service: provider.creates.service, key: 'main', ...resource }, driver,
    ),
  )
}

/**
 * Checks whether a workspace may be removed outside.
 * @returns removes it; null when it does not exist
 * @throws ProviderError RESOURCE_CONFLICT when somebody has worked in it, or no program can remove it
 */
export async function findRemovable(workspace: WorkspaceRecord): Promise<(() => Promise<void>) | null> {
  const provider = providerOf(workspace)
  const existing = toExisting(workspace)
  if (provider.deprovision) return provider.deprovision(existing)
  if ((await provider.getStatus(existing)).state === 'missing') return null
  throw providerError('NOT_REMOVABLE', { provider: provider.name })
}
