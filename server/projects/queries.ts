import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import { db } from '../db/client'
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

/** Changes what is named; undefined when there is no such project. */
export async function updateProject(id: string, { title, description }: ChangedProject): Promise<ProjectRow | undefined> {
  return (await db().update(projects).set({ title, description }).where(eq(projects.id, id)).returning())[0]
}

/** Removes a project that has nothing. */
export const deleteProject = (id: string): Promise<Removal> => removeRow(projects, id)

/** Writes a repository of a project; undefined when the project has it already. */
export async function insertRepo({ title, type, external_repo_id, project_id }: NewRepo): Promise<RepoRow | undefined> {
  const [row] = await db().insert(repos).values({ title, type, externalRepoId: external_repo_id, projectId: project_id }).onConflictDoNothing().returning()
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

/** A page of repositories, newest first. */
export function listRepos({ project_id, type, ...query }: { page: number, pageSize: number, project_id?: string, type?: RepoType }): Promise<Page<RepoRow>> {
  const where = and(project_id ? eq(repos.projectId, project_id) : undefined, type ? eq(repos.type, type) : undefined)
  return paged(query, db().$count(repos, where), (limit, offset) =>
    db().select().from(repos).where(where).orderBy(desc(repos.createdAt), repos.id).limit(limit).offset(offset))
}

/**
 * Changes what is named. Where it is outside stays while there are workspaces in it.
 * @returns undefined when there is no such repository; `used` with workspaces in it; `taken` when the project has that one already
 */
export const updateRepo = (id: string, { title, external_repo_id: externalRepoId }: ChangedRepo): Promise<RepoRow | 'used' | 'taken' | undefined> => db().transaction(async (tx) => {
  // With this lock no workspace can be written for it meanwhile.
  const [repo] = await tx.select().from(repos).where(eq(repos.id, id)).for('update')
  const moves = repo && externalRepoId !== undefined && externalRepoId !== repo.externalRepoId
  const [used] = moves
    ? await tx.execute(sql`select 1 from ${challengeRepos} where repo_id = ${id} union all select 1 from ${taskWorkspaces} where repo_id = ${id} limit 1`)
    : []
  if (used) return 'used' as const
  const [row] = await tx.update(repos).set({ title, externalRepoId }).where(eq(repos.id, id)).returning()
  return row
}).catch((error: unknown) => {
  if (isTaken(error)) return 'taken' as const
  throw error
})

/** Removes a repository without workspaces from its project. */
export const deleteRepo = (id: string): Promise<Removal> => removeRow(repos, id)
