import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'
import { unionAll } from 'drizzle-orm/pg-core'
import { type Database, db, type Transaction } from '../../db/client'
import { challengeRepos, challenges, removedWorkspaces, repos, runs, tasks, taskWorkspaces } from '../../db/schema'
import { boundChallenges, boundProjects, type BoundScope, EVERYTHING, type Scope, within } from '../../db/scope'
import type { Recorded } from '../../engine/queries/idempotency'
import { ACTIVE } from '../../engine/queries/runs'
import { type RecordOutcome, recordRun } from '../../engine/record'
import { forgetResources } from '../../ledger/queries/removals'
import type { WorkspaceKind } from '../../../shared/utils/workspace-names'
import type { RepoType, WorkspaceMeta, WorkspaceStatus, WorkspaceType } from '../../../shared/schemas/workspace'
import { providerOfType } from '../providers'

/** The workflows that decide about a workspace, and the concurrency group in which they exclude each other. */
export const LIFECYCLE = ['provision-workspace', 'deprovision-workspace'] as const
export const WORKSPACE_GROUP = 'workspace'

/** A workspace with its context: the row of a challenge's link, or of a task in a repository. */
export interface WorkspaceRecord {
  id: string
  kind: WorkspaceKind
  challengeId: string
  taskId: string | null
  repoId: string
  repoType: RepoType
  /** `owner/name`, a namespace or a team; null for the default of the environment. */
  parentRef: string | null
  challengeIndex: number
  /** The slug and the title of its challenge or task. */
  slug: string
  title: string
  /** For a task: the challenge's workspace in the same repository, from which it starts; null when the link is gone. */
  parentId: string | null
  provider: string
  type: WorkspaceType
  ref: string
  url: string | null
  status: WorkspaceStatus
  meta: WorkspaceMeta
  baseBranch: string | null
  options: Record<string, unknown>
  createdAt: Date
}

const columnsOf = (table: typeof challengeRepos | typeof taskWorkspaces) => ({
  id: table.id,
  repoId: table.repoId,
  repoType: repos.type,
  parentRef: repos.externalRepoId,
  challengeId: challenges.id,
  challengeIndex: challenges.index,
  provider: table.workspaceProvider,
  type: table.workspaceType,
  ref: table.workspaceRef,
  url: table.workspaceUrl,
  status: table.workspaceStatus,
  meta: table.workspaceMeta,
  baseBranch: table.baseBranch,
  options: table.options,
  createdAt: table.createdAt,
})

interface Which { id?: string, challengeId?: string, repoId?: string, scope?: Scope }
interface WhichOfTasks extends Which { taskIds?: string[] }
type Reader = Transaction | Database

/** Workspaces of challenges, oldest first. */
export async function listChallengeWorkspaces(
  { id, challengeId, repoId, scope = EVERYTHING }: Which, tx: Reader = db(),
): Promise<WorkspaceRecord[]> {
  const rows = await tx.select({ ...columnsOf(challengeRepos), slug: challenges.slug, title: challenges.title })
    .from(challengeRepos)
    .innerJoin(challenges, eq(challenges.id, challengeRepos.challengeId))
    .innerJoin(repos, eq(repos.id, challengeRepos.repoId))
    .where(and(
      id ? eq(challengeRepos.id, id) : undefined,
      challengeId ? eq(challengeRepos.challengeId, challengeId) : undefined,
      repoId ? eq(challengeRepos.repoId, repoId) : undefined,
      within(scope, challenges.projectId, boundProjects),
    )).orderBy(asc(challengeRepos.createdAt), challengeRepos.id)
  return rows.map(row => ({ ...row, kind: 'challenge', taskId: null, parentId: null }))
}

/** Workspaces of tasks, oldest first. */
export async function listTaskWorkspaces(
  { id, taskIds, challengeId, repoId, scope = EVERYTHING }: WhichOfTasks, tx: Reader = db(),
): Promise<WorkspaceRecord[]> {
  const rows = await tx.select({
    ...columnsOf(taskWorkspaces),
    slug: tasks.slug,
    title: tasks.title,
    taskId: taskWorkspaces.taskId,
    parentId: sql<string | null>`(
      select link.id from challenge_repos link
      where link.challenge_id = ${challenges.id} and link.repo_id = ${taskWorkspaces.repoId})`,
  }).from(taskWorkspaces)
    .innerJoin(tasks, eq(tasks.id, taskWorkspaces.taskId))
    .innerJoin(challenges, eq(challenges.id, tasks.challengeId))
    .innerJoin(repos, eq(repos.id, taskWorkspaces.repoId))
    .where(and(
      id ? eq(taskWorkspaces.id, id) : undefined,
      taskIds ? inArray(taskWorkspaces.taskId, taskIds) : undefined,
      challengeId ? eq(tasks.challengeId, challengeId) : undefined,
      repoId ? eq(taskWorkspaces.repoId, repoId) : undefined,
      within(scope, challenges.projectId, boundProjects),
    )).orderBy(asc(taskWorkspaces.createdAt), asc(repos.createdAt), taskWorkspaces.id)
  return rows.map(row => ({ ...row, kind: 'task' }))
}

/** The workspace with that id, a challenge's or a task's, if it is in the scope. */
export async function findWorkspace(id: string, scope: Scope): Promise<WorkspaceRecord | undefined> {
  // Tasks first, as they have more workspaces.
  return (await listTaskWorkspaces({ id, scope }))[0] ?? (await listChallengeWorkspaces({ id, scope }))[0]
}

/** The workspaces of the projects of a bound key, also those that were removed. */
export const boundWorkspaces = (scope: BoundScope) => unionAll(
  db().select({ id: challengeRepos.id }).from(challengeRepos).where(inArray(challengeRepos.challengeId, boundChallenges(scope))),
  db().select({ id: taskWorkspaces.id }).from(taskWorkspaces).innerJoin(tasks, eq(tasks.id, taskWorkspaces.taskId))
    .where(inArray(tasks.challengeId, boundChallenges(scope))),
  db().select({ id: removedWorkspaces.id }).from(removedWorkspaces).where(inArray(removedWorkspaces.projectId, boundProjects(scope))),
)

/** A new workspace. */
export interface NewWorkspace {
  repoId: string
  provider: string
  type: WorkspaceType
  ref: string
  baseBranch?: string
  options: Record<string, unknown>
}

/** The challenge or the task that a workspace belongs to. */
export type Owner = { challengeId: string } | { taskId: string }

/**
 * Writes a workspace and the run that creates it.
 * @returns its id and its run; undefined when there is one already
 */
export async function insertWorkspace(tx: Transaction, owner: Owner, wanted: NewWorkspace, actor: string): Promise<Recorded | undefined> {
  const values = {
    repoId: wanted.repoId,
    workspaceProvider: wanted.provider,
    workspaceType: wanted.type,
    workspaceRef: wanted.ref,
    baseBranch: wanted.baseBranch ?? null,
    options: wanted.options,
  }
  const [row] = 'challengeId' in owner
    ? await tx.insert(challengeRepos).values({ ...values, ...owner })
        .onConflictDoNothing({ target: [challengeRepos.challengeId, challengeRepos.repoId] }).returning({ id: challengeRepos.id })
    : await tx.insert(taskWorkspaces).values({ ...values, ...owner })
        .onConflictDoNothing({ target: [taskWorkspaces.taskId, taskWorkspaces.repoId] }).returning({ id: taskWorkspaces.id })
  if (!row) return undefined
  const kind = 'challengeId' in owner ? 'challenge' : 'task'
  const outcome = await recordProvisioning(tx, { id: row.id, kind, type: wanted.type }, actor)
  if (outcome.state !== 'recorded') throw new Error(`The new workspace ${row.id} has a run already.`)
  return { id: row.id, runId: outcome.runId }
}

/** A link, and the latest run that creates or removes its workspace. */
export interface LinkRun { link: WorkspaceRecord, runId: string, isBeingRemoved: boolean }

/**
 * Finds the link of a challenge to a repository with its latest run, or writes it with the run that creates its workspace.
 * @returns `isBeingRemoved` while that run removes what is there
 */
export async function findOrInsertLink(tx: Transaction, challengeId: string, wanted: NewWorkspace, actor: string): Promise<LinkRun> {
  const inserted = await insertWorkspace(tx, { challengeId }, wanted, actor)
  const [link] = await listChallengeWorkspaces({ challengeId, repoId: wanted.repoId }, tx)
  if (inserted) return { link: link!, runId: inserted.runId, isBeingRemoved: false }
  const [run] = await tx.select({ id: runs.id, workflow: runs.workflow, status: runs.status }).from(runs)
    .where(and(eq(runs.subjectId, link!.id), inArray(runs.workflow, [...LIFECYCLE])))
    .orderBy(desc(runs.createdAt)).limit(1)
  const isBeingRemoved = run!.workflow === 'deprovision-workspace' && ACTIVE.includes(run!.status)
  return { link: link!, runId: run!.id, isBeingRemoved }
}

/** Why a workspace cannot be changed now: a run is working on it, or it was deleted. */
export type WorkspaceRefusal = 'busy' | 'gone'

/**
 * Writes the run that creates a workspace again.
 * @param again.isGone whether what was created does not exist any more: then the ledger records that
 */
export async function insertReprovision(
  tx: Transaction, workspace: WorkspaceRecord, { actor, isGone }: { actor: string, isGone: boolean },
): Promise<{ runId: string } | { refused: WorkspaceRefusal }> {
  const table = tableOf(workspace)
  const [row] = await tx.update(table).set({ workspaceStatus: 'pending' }).where(eq(table.id, workspace.id)).returning({ id: table.id })
  if (!row) return { refused: 'gone' }
  const outcome = await recordProvisioning(tx, workspace, actor)
  if (outcome.state !== 'recorded') return { refused: 'busy' }
  if (isGone) await forgetResources(tx, workspace.id)
  return { runId: outcome.runId }
}

/** Records a run that creates a workspace; its provider declares what it creates. */
function recordProvisioning(
  tx: Transaction, { id, kind, type }: Pick<WorkspaceRecord, 'id' | 'kind' | 'type'>, actor: string,
): Promise<RecordOutcome> {
  const steps = ['FIND_BASE', 'CREATE_WORKSPACE'] as const
  const items = [...kind === 'task' ? ['PREPARE_PARENT'] : [], ...steps]
    .map(name => ({ name, item: 'main', ...name === 'CREATE_WORKSPACE' && { creates: providerOfType(type).creates } }))
  return recordRun(tx, { workflow: 'provision-workspace', subjectId: id, actor, items })
}

/** The table of a workspace: of a challenge's links, or of a task's workspaces. */
export const tableOf = ({ kind }: Pick<WorkspaceRecord, 'kind'>) => kind === 'challenge' ? challengeRepos : taskWorkspaces

/** Stores the result of provisioning a workspace. */
export async function updateWorkspace(
  { id, kind }: Pick<WorkspaceRecord, 'id' | 'kind'>,
  changed: Partial<{ status: WorkspaceStatus, ref: string, url: string, meta: WorkspaceMeta }>,
): Promise<void> {
  const values = { workspaceStatus: changed.status, workspaceRef: changed.ref, workspaceUrl: changed.url, workspaceMeta: changed.meta }
  if (kind === 'challenge') await db().update(challengeRepos).set(values).where(eq(challengeRepos.id, id))
  else await db().update(taskWorkspaces).set(values).where(eq(taskWorkspaces.id, id))
}

/**
 * Locks a challenge until the transaction ends. Changing its links and naming its tasks needs `no key update`; work
 * that only needs them unchanged takes `share`.
 * @returns undefined when there is no such challenge
 */
export async function lockChallenge(
  tx: Transaction, id: string, strength: 'no key update' | 'share',
): Promise<{ id: string, index: number } | undefined> {
  return (await tx.select({ id: challenges.id, index: challenges.index }).from(challenges).where(eq(challenges.id, id)).for(strength))[0]
}

/** The title of a workspace's challenge or task, and the challenge. */
export interface WorkspaceTitle { id: string, title: string, challengeId: string }

/** The titles of workspaces, by their ids. */
export async function findWorkspaceTitles(ids: string[]): Promise<WorkspaceTitle[]> {
  return unionAll(
    db().select({ id: challengeRepos.id, title: challenges.title, challengeId: challenges.id }).from(challengeRepos)
      .innerJoin(challenges, eq(challenges.id, challengeRepos.challengeId)).where(inArray(challengeRepos.id, ids)),
    db().select({ id: taskWorkspaces.id, title: tasks.title, challengeId: tasks.challengeId }).from(taskWorkspaces)
      .innerJoin(tasks, eq(tasks.id, taskWorkspaces.taskId)).where(inArray(taskWorkspaces.id, ids)),
  )
}
