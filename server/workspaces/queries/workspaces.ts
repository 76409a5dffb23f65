import { randomUUID } from 'node:crypto'
import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'
import { db, type Transaction } from '../../db/client'
import { challengeRepos, challenges, repos, runs, tasks, taskWorkspaces } from '../../db/schema'
import { forgetResources } from '../../ledger/queries/removals'
import { lockSubject } from '../../engine/queries/retries'
import { ACTIVE, findActiveRun, insertRun } from '../../engine/queries/runs'
import type { WorkspaceKind } from '../../../shared/utils/workspace-names'
import type { RepoType, WorkspaceMeta, WorkspaceStatus, WorkspaceType } from '../../../shared/schemas/workspace'

/** A workspace with what it stands in: the row of a challenge's link, or of a task in a repository. */
export interface WorkspaceRecord {
  id: string
  kind: WorkspaceKind
  challengeId: string
  taskId: string | null
  repoId: string
  repoType: RepoType
  /** `owner/name`, a namespace or a team; null where the environment says. */
  parentRef: string | null
  challengeIndex: number
  /** The slug and the title of what it is for. */
  slug: string
  title: string
  /** The challenge's workspace in the same repository, from which a task's begins; null for a challenge's, and where the link is gone. */
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

interface Which { id?: string, challengeId?: string, repoId?: string }

/** Workspaces of challenges, oldest first. */
export async function listChallengeWorkspaces({ id, challengeId, repoId }: Which, tx: Transaction | ReturnType<typeof db> = db()): Promise<WorkspaceRecord[]> {
  const rows = await tx.select({ ...columnsOf(challengeRepos), slug: challenges.slug, title: challenges.title }).from(challengeRepos)
    .innerJoin(challenges, eq(challenges.id, challengeRepos.challengeId)).innerJoin(repos, eq(repos.id, challengeRepos.repoId))
    .where(and(
      id ? eq(challengeRepos.id, id) : undefined,
      challengeId ? eq(challengeRepos.challengeId, challengeId) : undefined,
      repoId ? eq(challengeRepos.repoId, repoId) : undefined,
    )).orderBy(asc(challengeRepos.createdAt), challengeRepos.id)
  return rows.map(row => ({ ...row, kind: 'challenge', taskId: null, parentId: null }))
}

/** Workspaces of tasks, oldest first. */
export async function listTaskWorkspaces({ id, taskIds, challengeId, repoId }: Which & { taskIds?: string[] }, tx: Transaction | ReturnType<typeof db> = db()): Promise<WorkspaceRecord[]> {
  const rows = await tx.select({
    ...columnsOf(taskWorkspaces),
    slug: tasks.slug,
    title: tasks.title,
    taskId: taskWorkspaces.taskId,
    parentId: sql<string | null>`(select link.id from challenge_repos link where link.challenge_id = ${challenges.id} and link.repo_id = ${taskWorkspaces.repoId})`,
  }).from(taskWorkspaces)
    .innerJoin(tasks, eq(tasks.id, taskWorkspaces.taskId)).innerJoin(challenges, eq(challenges.id, tasks.challengeId)).innerJoin(repos, eq(repos.id, taskWorkspaces.repoId))
    .where(and(
      id ? eq(taskWorkspaces.id, id) : undefined,
      taskIds ? inArray(taskWorkspaces.taskId, taskIds) : undefined,
      challengeId ? eq(tasks.challengeId, challengeId) : undefined,
      repoId ? eq(taskWorkspaces.repoId, repoId) : undefined,
    )).orderBy(asc(taskWorkspaces.createdAt), asc(repos.createdAt), taskWorkspaces.id)
  return rows.map(row => ({ ...row, kind: 'task' }))
}

/** The workspace with that id, a challenge's or a task's. */
export async function findWorkspace(id: string, tx?: Transaction): Promise<WorkspaceRecord | undefined> {
  // There are more of tasks.
  return (await listTaskWorkspaces({ id }, tx))[0] ?? (await listChallengeWorkspaces({ id }, tx))[0]
}

/** What a new workspace is to be. */
export interface NewWorkspace {
  repoId: string
  provider: string
  type: WorkspaceType
  ref: string
  baseBranch?: string
  options: Record<string, unknown>
}

/** Whose workspace it is. */
export type Owner = { challengeId: string } | { taskId: string }

/**
 * Writes a workspace and the run that will make it.
 * @returns its id and its run; undefined when there is one already
 */
export async function insertWorkspace(tx: Transaction, owner: Owner, wanted: NewWorkspace, actor: string): Promise<{ id: string, runId: string } | undefined> {
  const values = {
    repoId: wanted.repoId,
    workspaceProvider: wanted.provider,
    workspaceType: wanted.type,
    workspaceRef: wanted.ref,
    baseBranch: wanted.baseBranch ?? null,
    options: wanted.options,
  }
  const [row] = 'challengeId' in owner
    ? await tx.insert(challengeRepos).values({ ...values, ...owner }).onConflictDoNothing({ target: [challengeRepos.challengeId, challengeRepos.repoId] }).returning({ id: challengeRepos.id })
    : await tx.insert(taskWorkspaces).values({ ...values, ...owner }).onConflictDoNothing({ target: [taskWorkspaces.taskId, taskWorkspaces.repoId] }).returning({ id: taskWorkspaces.id })
  return row && { id: row.id, runId: await insertWorkspaceRun(tx, row.id, { kind: 'challengeId' in owner ? 'challenge' : 'task', actor }) }
}

/**
 * Finds the link of a challenge to a repository with its latest run, or writes it with the run that will make its workspace.
 * @returns `isBeingRemoved` while that run removes what is there
 */
export async function findOrInsertLink(tx: Transaction, challengeId: string, wanted: NewWorkspace, actor: string): Promise<{ link: WorkspaceRecord, runId: string, isBeingRemoved: boolean }> {
  const inserted = await insertWorkspace(tx, { challengeId }, wanted, actor)
  const [link] = await listChallengeWorkspaces({ challengeId, repoId: wanted.repoId }, tx)
  if (inserted) return { link: link!, runId: inserted.runId, isBeingRemoved: false }
  const [run] = await tx.select({ id: runs.id, workflow: runs.workflow, status: runs.status }).from(runs).where(eq(runs.subjectId, link!.id)).orderBy(desc(runs.createdAt)).limit(1)
  return { link: link!, runId: run!.id, isBeingRemoved: run!.workflow === 'deprovision-workspace' && ACTIVE.includes(run!.status) }
}

/**
 * Writes the run that makes a workspace anew.
 * @param again.isGone whether what was made is not there any more: then the ledger has to forget it
 * @returns its id; `busy` while another run is at it, `gone` when it was given up meanwhile
 */
export async function insertReprovision(tx: Transaction, workspace: WorkspaceRecord, { actor, isGone }: { actor: string, isGone: boolean }): Promise<{ runId: string } | { refused: 'busy' | 'gone' }> {
  await lockSubject(tx, workspace.id)
  if (await findActiveRun(workspace.id, tx)) return { refused: 'busy' }
  const table = workspace.kind === 'challenge' ? challengeRepos : taskWorkspaces
  const [row] = await tx.update(table).set({ workspaceStatus: 'pending' }).where(eq(table.id, workspace.id)).returning({ id: table.id })
  if (!row) return { refused: 'gone' }
  if (isGone) await forgetResources(tx, workspace.id)
  return { runId: await insertWorkspaceRun(tx, workspace.id, { kind: workspace.kind, actor }) }
}

/** Writes a run that makes a workspace, or makes it anew. */
export async function insertWorkspaceRun(tx: Transaction, workspaceId: string, { kind, actor }: { kind: WorkspaceKind, actor: string }): Promise<string> {
  const id = randomUUID()
  const steps = kind === 'task' ? ['PREPARE_PARENT', 'FIND_BASE', 'MAKE_WORKSPACE'] : ['FIND_BASE', 'MAKE_WORKSPACE']
  await insertRun(tx, { id, workflow: 'provision-workspace', subjectId: workspaceId, actor, items: steps.map(name => ({ name, item: 'main' })) })
  return id
}

/** Keeps what became of a workspace. */
export async function updateWorkspace({ id, kind }: Pick<WorkspaceRecord, 'id' | 'kind'>, made: Partial<{ status: WorkspaceStatus, ref: string, url: string, meta: WorkspaceMeta }>): Promise<void> {
  const values = { workspaceStatus: made.status, workspaceRef: made.ref, workspaceUrl: made.url, workspaceMeta: made.meta }
  if (kind === 'challenge') await db().update(challengeRepos).set(values).where(eq(challengeRepos.id, id))
  else await db().update(taskWorkspaces).set(values).where(eq(taskWorkspaces.id, id))
}
