import { asc, eq, sql } from 'drizzle-orm'
import { db } from '../db/client'
import { isTaken } from '../db/errors'
import { contains, paged, removeRow, type Removal } from '../db/lists'
import { contributors } from '../db/schema'
import type { ChangedContributor, NewContributor } from '../../shared/schemas/contributor'
import type { Page } from '../../shared/schemas/page'

export type ContributorRow = typeof contributors.$inferSelect

/** Writes a contributor; undefined when there is one of that GitHub name. */
export async function insertContributor({ full_name, github_username }: NewContributor): Promise<ContributorRow | undefined> {
  return (await db().insert(contributors).values({ fullName: full_name, githubUsername: github_username }).onConflictDoNothing().returning())[0]
}

/** The contributor with that id. */
export async function findContributor(id: string): Promise<ContributorRow | undefined> {
  return (await db().select().from(contributors).where(eq(contributors.id, id)))[0]
}

/** A page of contributors, by name. */
export function listContributors({ search, ...query }: { page: number, pageSize: number, search?: string }): Promise<Page<ContributorRow>> {
  const where = search ? contains(search, contributors.fullName, contributors.githubUsername) : undefined
  return paged(query, db().$count(contributors, where), (limit, offset) =>
    db().select().from(contributors).where(where).orderBy(asc(sql`lower(${contributors.fullName})`), contributors.id).limit(limit).offset(offset))
}

/** Changes what is named. @returns undefined when there is no such contributor; `taken` when another has that GitHub name */
export async function updateContributor(id: string, { full_name, github_username }: ChangedContributor): Promise<ContributorRow | 'taken' | undefined> {
  try {
    return (await db().update(contributors).set({ fullName: full_name, githubUsername: github_username }).where(eq(contributors.id, id)).returning())[0]
  }
  catch (error) {
    if (isTaken(error)) return 'taken'
    throw error
  }
}

/** Removes a contributor who is at no task. */
export const deleteContributor = (id: string): Promise<Removal> => removeRow(contributors, id)
