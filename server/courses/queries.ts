import { randomUUID } from 'node:crypto'
import { and, asc, count, desc, eq, inArray, isNotNull, or, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { type Database, db, type Transaction } from '../db/client'
import { courses, externalResources, labGroups, runs } from '../db/schema'
import { boundCourses, type Scope, within } from '../db/scope'
import type { Recorded } from '../engine/queries/idempotency'
import { recordRun } from '../engine/record'
import { findLatestRuns, findRollback } from '../engine/views'
import { type CourseNames, nameCourse, wantedSlug } from '../../shared/utils/course-names'
import { groupItem } from '../../shared/utils/course-steps'
import type { CourseStatus, NewCourse } from '../../shared/schemas/course'
import type { Run } from '../../shared/schemas/run'
import { courseItems } from './items'

export type CourseRow = typeof courses.$inferSelect
export type LabGroupRow = typeof labGroups.$inferSelect
interface ResourceUrls { githubRepoUrl: string | null, discordChannelUrl: string | null }

/** A course with what belongs to it. */
export interface CourseRecord extends CourseRow {
  labGroups: (LabGroupRow & ResourceUrls)[]
  githubRepoUrl: string | null
  run: Run
  rollback: Run | null
}

/** The workflow whose latest run is the state of a course, whatever else runs about it. */
export const PROVISIONING = 'provision-course'

interface CourseOrigin {
  actor: string
  /** The Discord server of a course that names none. */
  discordGuildId?: string
}

/** Writes a course with its groups, its names and the run that provisions it. */
export async function insertCourse(tx: Transaction, input: z.output<typeof NewCourse>, origin: CourseOrigin): Promise<Recorded> {
  const { actor, discordGuildId } = origin
  const names = await freeNames(tx, input)
  const id = randomUUID()
  const [, outcome] = await Promise.all([
    tx.insert(courses).values({
      id,
      slug: names.slug,
      name: input.name,
      semester: input.semester,
      type: input.type,
      discordGuildId: input.discordGuildId ?? discordGuildId,
      discordCategoryName: names.discordCategoryName,
      discordChannels: names.discordChannels,
      githubRepoName: names.githubRepoName,
    }),
    recordRun(tx, { workflow: PROVISIONING, subjectId: id, actor, items: courseItems(input.type, names) }),
  ])
  if (names.labGroups.length) await tx.insert(labGroups).values(names.labGroups.map(group => ({ courseId: id, ...group })))
  if (outcome.state !== 'recorded') throw new Error(`The new course ${id} has a run already.`)
  return { id, runId: outcome.runId }
}

/**
 * The preferred names of the course, or the first of `-2`, `-3`… with which none of its resources has the
 * name of another course's resource. A person who chooses names makes them unique.
 */
async function freeNames(tx: Transaction, input: z.output<typeof NewCourse>): Promise<CourseNames> {
  const wanted = wantedSlug(input)
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('names of courses', 0))`)
  const chosen = new Set([input.githubRepoName, ...(input.labGroups ?? []).map(group => group.githubRepoName)])
  for (let n = 1; ; n++) {
    const names = nameCourse(input, n === 1 ? wanted : `${wanted}-${n}`)
    const repos = [names.githubRepoName, ...names.labGroups.map(group => group.githubRepoName)]
      .filter(name => name !== null && !chosen.has(name))
    const byGroupRepo = tx.select({ id: labGroups.courseId }).from(labGroups)
      .where(inArray(sql`lower(${labGroups.githubRepoName})`, repos))
    const [other] = await tx.select({ id: courses.id }).from(courses).where(or(
      eq(courses.slug, names.slug),
      eq(courses.discordCategoryName, names.discordCategoryName),
      inArray(sql`lower(${courses.githubRepoName})`, repos),
      inArray(courses.id, byGroupRepo),
    )).limit(1)
    if (!other) return names
  }
}

/** The course with its groups, links and latest run, if it is in the scope. */
export async function findCourse(id: string, scope: Scope): Promise<CourseRecord | undefined> {
  const [[course], groups, resources, latest] = await Promise.all([
    db().select().from(courses).where(and(eq(courses.id, id), isWithin(scope))),
    db().select().from(labGroups).where(eq(labGroups.courseId, id)).orderBy(asc(labGroups.number)),
    listUrls(id),
    findLatestRuns([PROVISIONING], [id]),
  ])
  if (!course) return undefined
  const run = latest.get(id)!
  const url = (type: string, key: string) => resources.find(row => row.type === type && row.key === key)?.url ?? null
  return {
    ...course,
    githubRepoUrl: url('REPO', 'main'),
    labGroups: groups.map(group => ({
      ...group,
      githubRepoUrl: url('REPO', groupItem(group.number)),
      discordChannelUrl: url('CHANNEL', groupItem(group.number)),
    })),
    run,
    rollback: run.status === 'cancelled' ? await findRollback(run) : null,
  }
}

const isWithin = (scope: Scope) => within(scope, courses.id, boundCourses)

const listUrls = (id: string) => db()
  .select({ type: externalResources.type, key: externalResources.key, url: externalResources.url }).from(externalResources)
  .where(and(
    eq(externalResources.subjectId, id), isNotNull(externalResources.madeAt), inArray(externalResources.type, ['REPO', 'CHANNEL']),
  ))

/** A course with its groups: what its workflow has to create. */
export interface CoursePlanRow extends CourseRow { labGroups: LabGroupRow[] }

/** The course and its groups, as its workflow needs them. A course that has a run exists. */
export async function findCoursePlan(id: string): Promise<CoursePlanRow> {
  const [[course], groups] = await Promise.all([
    db().select().from(courses).where(eq(courses.id, id)),
    db().select().from(labGroups).where(eq(labGroups.courseId, id)).orderBy(asc(labGroups.number)),
  ])
  if (!course) throw new Error(`There is no course ${id}.`)
  return { ...course, labGroups: groups }
}

/** The Discord servers of courses that have one, by the course's id. */
export async function listGuildIds(ids: string[]): Promise<Map<string, string>> {
  const rows = await db().select({ id: courses.id, guildId: courses.discordGuildId }).from(courses)
    .where(and(inArray(courses.id, ids), isNotNull(courses.discordGuildId)))
  return new Map(rows.map(({ id, guildId }) => [id, guildId!]))
}

/** The status of a course: that of its latest run. */
const status = sql<CourseStatus>`(
  select case ${runs.status}
    when 'pending' then case when ${runs.retryOf} is null then 'PENDING' else 'RETRYING' end
    when 'running' then case when ${runs.retryOf} is null then 'IN_PROGRESS' else 'RETRYING' end
    else upper(${runs.status}) end
  from ${runs} where ${runs.workflow} = ${PROVISIONING} and ${runs.subjectId} = ${courses.id} order by ${runs.createdAt} desc limit 1)`

interface CourseFilter { page: number, pageSize: number, status?: CourseStatus }

/** A page of the courses in the scope, newest first, each with its groups counted and its latest run. */
export async function listCourses({ page, pageSize, ...filter }: CourseFilter, scope: Scope) {
  const where = and(isWithin(scope), filter.status ? eq(status, filter.status) : undefined)
  const [rows, [{ total } = { total: 0 }]] = await Promise.all([
    db().select({
      course: courses,
      // Written out: in the columns of a single table's select drizzle names no tables, and `id` would be the group's.
      groupCount: sql<number>`(select count(*)::int from lab_groups g where g.course_id = courses.id)`,
    }).from(courses).where(where).orderBy(desc(courses.createdAt), courses.id).limit(pageSize).offset((page - 1) * pageSize),
    db().select({ total: count() }).from(courses).where(where),
  ])
  const latest = await findLatestRuns([PROVISIONING], rows.map(row => row.course.id))
  const items = rows.map(({ course, groupCount }) => ({ ...course, groupCount, run: latest.get(course.id)! }))
  return { items, page, pageSize, total }
}

/** Gives the course its Discord server. False when it has another already. */
export async function setDiscordServer(courseId: string, guildId: string, tx: Transaction | Database = db()): Promise<boolean> {
  const rows = await tx.update(courses).set({ discordGuildId: guildId, updatedAt: sql`now()` })
    .where(and(eq(courses.id, courseId), sql`coalesce(${courses.discordGuildId}, ${guildId}) = ${guildId}`))
    .returning({ id: courses.id })
  return rows.length > 0
}

/** The course that an install link belongs to. */
export async function findCourseByInstallState(installState: string): Promise<{ id: string } | undefined> {
  const [row] = await db().select({ id: courses.id }).from(courses).where(eq(courses.installState, installState))
  return row
}

/** The run of a course that waits for a person, if one does. */
export async function findWaitingRun(courseId: string): Promise<string | undefined> {
  const [row] = await db().select({ id: runs.id }).from(runs)
    .where(and(eq(runs.workflow, PROVISIONING), eq(runs.subjectId, courseId), eq(runs.status, 'waiting')))
  return row?.id
}

/** The names of courses by their ids. */
export async function findCourseNames(ids: string[]): Promise<Map<string, string>> {
  const rows = await db().select({ id: courses.id, name: courses.name }).from(courses).where(inArray(courses.id, ids))
  return new Map(rows.map(({ id, name }) => [id, name]))
}
