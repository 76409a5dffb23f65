import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import { db, type Transaction } from '../db/client'
import { contains, paged, removeRow, type Removal } from '../db/lists'
import { isTaken } from '../db/errors'
import { challengeRepos, projects, repos, taskWorkspaces } from '../db/schema'
import { boundProjects, type Scope, within } from '../db/scope'
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

const isProjectOf = (scope: Scope) => within(scope, projects.id, boundProjects)
const isRepoOf = (scope: Scope) => within(scope, repos.projectId, boundProjects)

/** The project with that id, if it is in the scope. */
export async function findProject(id: string, scope: Scope): Promise<ProjectRow | undefined> {
  return (await db().select().from(projects).where(and(eq(projects.id, id), isProjectOf(scope))))[0]
}

interface ProjectFilter { page: number, pageSize: number, search?: string }

/** A page of the projects in the scope, newest first. */
export function listProjects({ search, ...query }: ProjectFilter, scope: Scope): Promise<Page<ProjectRow>> {
  const where = and(isProjectOf(scope), search ? contains(search, projects.title) : undefined)
  return paged(query, db().$count(projects, where), (limit, offset) =>
    db().select().from(projects).where(where).orderBy(desc(projects.createdAt), projects.id).limit(limit).offset(offset))
}

/** Changes the given fields; undefined when there is no such project in the scope. */
export async function updateProject(id: string, changes: ChangedProject, scope: Scope): Promise<ProjectRow | undefined> {
  const { title, description } = changes
  return (await db().update(projects).set({ title, description }).where(and(eq(projects.id, id), isProjectOf(scope))).returning())[0]
}

/** Removes a project of the scope that has neither repositories nor challenges. */
export const deleteProject = (id: string, scope: Scope): Promise<Removal> => removeRow(projects, id, isProjectOf(scope))

/** Writes a repository of a project; undefined when the project has it already. */
export async function insertRepo(repo: NewRepo): Promise<RepoRow | undefined> {
  const { title, type, external_repo_id: externalRepoId, project_id: projectId } = repo
  const [row] = await db().insert(repos).values({ title, type, externalRepoId, projectId }).onConflictDoNothing().returning()
  return row
}

/** The repository with that id, if it is in the scope. */
export async function findRepo(id: string, scope: Scope): Promise<RepoRow | undefined> {
  return (await db().select().from(repos).where(and(eq(repos.id, id), isRepoOf(scope))))[0]
}

/** The repositories with these ids, by id. */
export async function findRepos(ids: string[]): Promise<Map<string, RepoRow>> {
  return new Map((await db().select().from(repos).where(inArray(repos.id, ids))).map(row => [row.id, row]))
}

interface RepoFilter { page: number, pageSize: number, project_id?: string, type?: RepoType }

/** A page of the repositories in the scope, newest first. */
export function listRepos({ project_id, type, ...query }: RepoFilter, scope: Scope): Promise<Page<RepoRow>> {
  const where = and(
    isRepoOf(scope), project_id ? eq(repos.projectId, project_id) : undefined, type ? eq(repos.type, type) : undefined,
  )
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

/** Removes a repository of the scope without workspaces from its project. */
export const deleteRepo = (id: string, scope: Scope): Promise<Removal> => removeRow(repos, id, isRepoOf(scope))
