import { eq } from 'drizzle-orm'
import { db } from '../client'
import { projects, repos } from '../schema'
import type { NewProject, NewRepo } from '../../../shared/schemas/project'

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

/** Writes a repository of a project; undefined when the project has it already. */
export async function insertRepo({ title, type, external_repo_id, project_id }: NewRepo): Promise<RepoRow | undefined> {
  const [row] = await db().insert(repos).values({ title, type, externalRepoId: external_repo_id, projectId: project_id }).onConflictDoNothing().returning()
  return row
}

/** The repository with that id. */
export async function findRepo(id: string): Promise<RepoRow | undefined> {
  return (await db().select().from(repos).where(eq(repos.id, id)))[0]
}
