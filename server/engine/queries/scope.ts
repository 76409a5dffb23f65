import { and, eq, inArray, or, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { type Condition, EVERYTHING, type Scope } from '../../db/scope'
import { listSubjects } from '../subjects'

/** The columns by which a row refers to a subject. */
interface SubjectColumns { subjectType: PgColumn, subjectId: PgColumn }

/** Whether a row is about a subject of a scope. Subjects that say nothing about scopes belong to the whole installation. */
export function isAboutSubjectOf(scope: Scope, { subjectType, subjectId }: SubjectColumns): Condition {
  if (scope === EVERYTHING) return undefined
  const bound = listSubjects().flatMap(({ type, within }) =>
    within ? [and(eq(subjectType, type), inArray(subjectId, within(scope)))] : [])
  return or(...bound) ?? sql`false`
}
