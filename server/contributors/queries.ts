import { and, asc, eq, exists, inArray, or, sql } from 'drizzle-orm'
import { db } from '../db/client'
import { isTaken } from '../db/errors'
import { contains, paged, removeRow, type Removal } from '../db/lists'
import { apiKeyProjects, apiKeys, contributors, taskAssignees, tasks } from '../db/schema'
import { boundChallenges, type BoundScope, type Condition, EVERYTHING, type Scope } from '../db/scope'
import type { ChangedContributor, NewContributor } from '../../shared/schemas/contributor'
import type { Page } from '../../shared/schemas/page'

export type ContributorRow = typeof contributors.$inferSelect

/** Writes a contributor; undefined when another has that GitHub name. */
export async function insertContributor(contributor: NewContributor): Promise<ContributorRow | undefined> {
  const { full_name: fullName, github_username: githubUsername } = contributor
  const [row] = await db().insert(contributors).values({ fullName, githubUsername }).onConflictDoNothing().returning()
  return row
}

/**
 * Contributors belong to the installation. A bound key sees those who have a task in its projects; an operator that is
 * bound to a project sees all, because it assigns tasks.
 */
function isWithin(scope: Scope): Condition {
  if (scope === EVERYTHING) return undefined
  const assigned = db().select({ id: taskAssignees.userId }).from(taskAssignees).innerJoin(tasks, eq(tasks.id, taskAssignees.taskId))
    .where(inArray(tasks.challengeId, boundChallenges(scope)))
  return or(mayAssign(scope), inArray(contributors.id, assigned))
}

const mayAssign = ({ boundKey }: BoundScope) => exists(
  db().select({ id: apiKeys.id }).from(apiKeys).innerJoin(apiKeyProjects, eq(apiKeyProjects.keyId, apiKeys.id))
    .where(and(eq(apiKeys.id, boundKey), eq(apiKeys.role, 'operator'))))

/** The contributor with that id, if it is in the scope. */
export async function findContributor(id: string, scope: Scope): Promise<ContributorRow | undefined> {
  return (await db().select().from(contributors).where(and(eq(contributors.id, id), isWithin(scope))))[0]
}

interface Filter { page: number, pageSize: number, search?: string }

/** A page of the contributors in the scope, by name. */
export function listContributors({ search, ...query }: Filter, scope: Scope): Promise<Page<ContributorRow>> {
  const where = and(isWithin(scope), search ? contains(search, contributors.fullName, contributors.githubUsername) : undefined)
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
