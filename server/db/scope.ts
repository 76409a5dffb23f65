import { eq, inArray, type SQL, type SQLWrapper } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { db } from './client'
import { apiKeyCourses, apiKeyProjects, challenges } from './schema'

/** The scope of an unbound key, and of work that no key asked for. */
export const EVERYTHING = 'everything'

/** The scope of a bound key. */
export interface BoundScope { boundKey: string }

/**
 * What a caller may see and change. Every query that finds or lists for a caller takes it. A bound key has what belongs to
 * its courses and projects at the moment of the statement, because the condition reads the binding itself.
 */
export type Scope = typeof EVERYTHING | BoundScope

/** A condition of a statement; undefined lets every row pass. */
export type Condition = SQL | undefined

/** The ids of rows, as a query that stands inside a condition. */
export type Ids = SQLWrapper

/** The courses of a bound key. */
export const boundCourses = ({ boundKey }: BoundScope) =>
  db().select({ id: apiKeyCourses.courseId }).from(apiKeyCourses).where(eq(apiKeyCourses.keyId, boundKey))

/** The projects of a bound key. */
export const boundProjects = ({ boundKey }: BoundScope) =>
  db().select({ id: apiKeyProjects.projectId }).from(apiKeyProjects).where(eq(apiKeyProjects.keyId, boundKey))

/** The challenges of the projects of a bound key. */
export const boundChallenges = (scope: BoundScope) =>
  db().select({ id: challenges.id }).from(challenges).where(inArray(challenges.projectId, boundProjects(scope)))

/** Whether a row is among those of a scope, by the column that names its course, project or challenge. */
export const within = (scope: Scope, column: PgColumn, bound: (scope: BoundScope) => Ids): Condition =>
  scope === EVERYTHING ? undefined : inArray(column, bound(scope))
