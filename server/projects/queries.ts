import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import { db, type Transaction } from '../db/client'
import { contains, paged, removeRow, type Removal } from '../db/lists'
import { isTaken } from '../db/errors'
import { challengeRepos, projects, repos, taskWorkspaces } from '../db/schema'
import type { Page } from '../../shared/schemas/page'
import type { ChangedProject, ChangedRepo, NewProject, NewRepo } from '../../shared/schemas/project'
import type { RepoType } from '../../shared/schemas/workspace'

export type ProjectRow = typeof projects.$inferSelect
export type RepoRow = typeof repos.$inferSelect

/** Writes a project. */
export async function insertProject({ title, description }: NewProject): Promise<ProjectRow> {
  const [row] = await db().insert(projects).values({ title, description }).returning()
  return row!
}

/** The project with that id. */
export async function findProject(id: string): Promise<ProjectRow | undefined> {
  return (await db().select().from(projects).where(eq(projects.id, id)))[0]
}

/** A page of projects, newest first. */
export function listProjects({ search, ...query }: { page: number, pageSize: number, search?: string }): Promise<Page<ProjectRow>> {
  const where = search ? contains(search, projects.title) : undefined
  return paged(query, db().$count(projects, where), (limit, offset) =>
    db().select().from(projects).where(where).orderBy(desc(projects.createdAt), projects.id).limit(limit).offset(offset))
}

/** Changes the given fields; undefined when there is no such project. */
export async function updateProject(id: string, { title, description }: ChangedProject): Promise<ProjectRow | undefined> {
  return (await db().update(projects).set({ title, description }).where(eq(projects.id, id)).returning())[0]
}

/** Removes a project that has neither repositories nor challenges. */
export const deleteProject = (id: string): Promise<Removal> => removeRow(projects, id)

/** Writes a repository of a project; undefined when the project has it already. */
export async function insertRepo(repo: NewRepo): Promise<RepoRow | undefined> {
  const { title, type, external_repo_id: externalRepoId, project_id: projectId } = repo
  const [row] = await db().insert(repos).values({ title, type, externalRepoId, projectId }).onConflictDoNothing().returning()
  return row
}

/** The repository with that id. */
export async function findRepo(id: string): Promise<RepoRow | undefined> {
  return (await db().select().from(repos).where(eq(repos.id, id)))[0]
}

/** The repositories with these ids, by id. */
export async function findRepos(ids: string[]): Promise<Map<string, RepoRow>> {
  return new Map((await db().select().from(repos).where(inArray(repos.id, ids))).map(row => [row.id, row]))
}

interface RepoFilter { page: number, pageSize: number, project_id?: string, type?: RepoType }

/** A page of repositories, newest first. */
export function listRepos({ project_id, type, ...query }: RepoFilter): Promise<Page<RepoRow>> {
  const where = and(project_id ? eq(repos.projectId, project_id) : undefined, type ? eq(repos.type, type) : undefined)
  return paged(query, db().$count(repos, where), (limit, offset) =>
    db().select().from(repos).where(where).orderBy(desc(repos.createdAt), repos.id).limit(limit).offset(offset))
}

/** `used`: it has workspaces and cannot move; `taken`: the project has that repository already. */
export type RepoChange = RepoRow | 'used' | 'taken' | undefined

/** Changes the given fields; undefined when there is no such repository. Its place outside is fixed while it has workspaces. */
export const updateRepo = (id: string, changes: ChangedRepo): Promise<RepoChange> => db().transaction(async (tx) => {
  const { title, external_repo_id: externalRepoId } = changes
  // Under this lock no workspace can be written for it.
  const [repo] = await tx.select().from(repos).where(eq(repos.id, id)).for('update')
  const moves = repo && externalRepoId !== undefined && externalRepoId !== repo.externalRepoId
  if (moves && await hasWorkspaces(tx, id)) return 'used' as const
  const [row] = await tx.update(repos).set({ title, externalRepoId }).where(eq(repos.id, id)).returning()
  return row
}).catch((error: unknown) => {
  if (isTaken(error)) return 'taken' as const
  throw error
})

async function hasWorkspaces(tx: Transaction, repoId: string): Promise<boolean> {
  const rows = await tx.execute(sql`
    select 1 from ${challengeRepos} where repo_id = ${repoId}
    union all select 1 from ${taskWorkspaces} where repo_id = ${repoId} limit 1`)
  return rows.length > 0
}

/** Removes a repository without workspaces from its project. */
export const deleteRepo = (id: string): Promise<Removal> => removeRow(repos, id)
