import { and, eq, inArray, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { batched } from '../../db/batch'
import { db, type Transaction } from '../../db/client'
import { apiKeyCourses, apiKeyProjects, apiKeys, courses, projects } from '../../db/schema'
import { EVERYTHING, type Scope } from '../../db/scope'
import type { BoundTo, KeyBinding } from '../../../shared/schemas/session'
import { problem } from '../problem'
import { isValidKey } from './access'

type Binding = z.output<typeof KeyBinding>

/** The scope of a key, bound or not. */
export const scopeOf = ({ id, isBound }: { id: string, isBound: boolean }): Scope => isBound ? { boundKey: id } : EVERYTHING

/** The scope that a key has now; undefined when it was revoked or has expired. */
export const findScope = batched<string, Scope | undefined>(async (ids) => {
  const rows = await db().select({ id: apiKeys.id, isBound: apiKeys.isBound }).from(apiKeys)
    .where(and(inArray(apiKeys.id, [...ids]), isValidKey))
  const scopes = new Map(rows.map(row => [row.id, scopeOf(row)]))
  return ids.map(id => scopes.get(id))
})

/**
 * Binds a key to these courses and projects alone. The key's own row says that it is bound.
 * @throws 422 when one of them does not exist
 */
export async function writeBinding(tx: Transaction, keyId: string, binding: Binding | null): Promise<void> {
  await tx.delete(apiKeyCourses).where(eq(apiKeyCourses.keyId, keyId))
  await tx.delete(apiKeyProjects).where(eq(apiKeyProjects.keyId, keyId))
  if (!binding) return
  const courseIds = [...new Set(binding.courses)]
  const projectIds = [...new Set(binding.projects)]
  // Under this lock none of them can be deleted before the binding is written.
  const known = [
    ...await tx.select({ id: courses.id }).from(courses).where(inArray(courses.id, courseIds)).for('key share'),
    ...await tx.select({ id: projects.id }).from(projects).where(inArray(projects.id, projectIds)).for('key share'),
  ].map(({ id }) => id)
  const unknown = [...courseIds, ...projectIds].filter(id => !known.includes(id))
  if (unknown.length) throw problem('BINDING_UNKNOWN', { ids: unknown.join(', ') })
  if (courseIds.length) await tx.insert(apiKeyCourses).values(courseIds.map(courseId => ({ keyId, courseId })))
  if (projectIds.length) await tx.insert(apiKeyProjects).values(projectIds.map(projectId => ({ keyId, projectId })))
}

/** What these keys are bound to, by the ids of the keys, each sorted by title. */
export async function listBindings(keyIds: string[], tx: Transaction | ReturnType<typeof db> = db()): Promise<Map<string, BoundTo>> {
  const bindings = new Map(keyIds.map(id => [id, { courses: [], projects: [] } as BoundTo]))
  if (!keyIds.length) return bindings
  const title = sql<string>`${courses.name} || ', ' || ${courses.semester}`
  const ofCourses = await tx.select({ keyId: apiKeyCourses.keyId, id: courses.id, title }).from(apiKeyCourses)
    .innerJoin(courses, eq(courses.id, apiKeyCourses.courseId)).where(inArray(apiKeyCourses.keyId, keyIds))
    .orderBy(courses.name, courses.id)
  const ofProjects = await tx.select({ keyId: apiKeyProjects.keyId, id: projects.id, title: projects.title }).from(apiKeyProjects)
    .innerJoin(projects, eq(projects.id, apiKeyProjects.projectId)).where(inArray(apiKeyProjects.keyId, keyIds))
    .orderBy(projects.title, projects.id)
  for (const { keyId, ...course } of ofCourses) bindings.get(keyId)!.courses.push(course)
  for (const { keyId, ...project } of ofProjects) bindings.get(keyId)!.projects.push(project)
  return bindings
}
