import { asc, eq, sql } from 'drizzle-orm'
import { db } from '../db/client'
import { isTaken } from '../db/errors'
import { contains, paged, removeRow, type Removal } from '../db/lists'
import { contributors } from '../db/schema'
import type { ChangedContributor, NewContributor } from '../../shared/schemas/contributor'
import type { Page } from '../../shared/schemas/page'

export type ContributorRow = typeof contributors.$inferSelect

/** Writes a contributor; undefined when another has that GitHub name. */
export async function insertContributor(contributor: NewContributor): Promise<ContributorRow | undefined> {
  const { full_name: fullName, github_username: githubUsername } = contributor
  const [row] = await db().insert(contributors).values({ fullName, githubUsername }).onConflictDoNothing().returning()
  return row
}

/** The contributor with that id. */
export async function findContributor(id: string): Promise<ContributorRow | undefined> {
  return (await db().select().from(contributors).where(eq(contributors.id, id)))[0]
}

/** A page of contributors, by name. */
export function listContributors({ search, ...query }: { page: number, pageSize: number, search?: string }): Promise<Page<ContributorRow>> {
  const where = search ? contains(search, contributors.fullName, contributors.githubUsername) : undefined
  return paged(query, db().$count(contributors, where), (limit, offset) => db().select().from(contributors)
    .where(where).orderBy(asc(sql`lower(${contributors.fullName})`), contributors.id)
    .limit(limit).offset(offset))
}

/** Changes the given fields. @returns undefined when there is no such contributor; `taken` when another has that GitHub name */
export async function updateContributor(id: string, changes: ChangedContributor): Promise<ContributorRow | 'taken' | undefined> {
  const { full_name: fullName, github_username: githubUsername } = changes
  try {
    const [row] = await db().update(contributors).set({ fullName, githubUsername }).where(eq(contributors.id, id)).returning()
    return row
  }
  catch (error) {
    if (isTaken(error)) return 'taken'
    throw error
  }
}

/** Removes a contributor who has no task. */
export const deleteContributor = (id: string): Promise<Removal> => removeRow(contributors, id)
