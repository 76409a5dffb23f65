import { randomUUID } from 'node:crypto'
import { and, asc, count, desc, eq, inArray, isNotNull, or, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { db, type Transaction } from '../db/client'
import { courses, externalResources, labGroups, runs } from '../db/schema'
import { findRollback } from '../engine/queries/cancellation'
import { findLatestRuns, insertRun } from '../engine/queries/runs'
import type { Recorded } from '../engine/queries/idempotency'
import { workflows } from '../../workflows.config'
import type { CourseStatus, NewCourse } from '../../shared/schemas/course'
import type { Run } from '../../shared/schemas/run'
import { type CourseNames, nameCourse, wantedSlug } from '../../shared/utils/course-names'
import { groupItem } from '../../shared/utils/course-steps'

export type CourseRow = typeof courses.$inferSelect
export type LabGroupRow = typeof labGroups.$inferSelect
/** A course with what belongs to it. */
export interface CourseRecord extends CourseRow { labGroups: (LabGroupRow & MadeUrls)[], githubRepoUrl: string | null, run: Run, rollback: Run | null }
interface MadeUrls { githubRepoUrl: string | null, discordChannelUrl: string | null }

const WORKFLOW = 'provision-course'

/** Writes a course with its groups, its names and the run that will make it, by whom it is asked for and with their server where it names none. */
export async function insertCourse(tx: Transaction, input: z.output<typeof NewCourse>, by: { actor: string, discordGuildId?: string }): Promise<Recorded> {
  const names = await freeNames(tx, input)
  const recorded = { id: randomUUID(), runId: randomUUID() }
  await Promise.all([
    tx.insert(courses).values({
      id: recorded.id,
      slug: names.slug,
      name: input.name,
      semester: input.semester,
      type: input.type,
      discordGuildId: input.discordGuildId ?? by.discordGuildId,
      discordCategoryName: names.discordCategoryName,
      discordChannels: names.discordChannels,
      githubRepoName: names.githubRepoName,
    }),
    insertRun(tx, { id: recorded.runId, workflow: WORKFLOW, subjectId: recorded.id, actor: by.actor, items: itemsOf(input.type, names) }),
  ])
  if (names.labGroups.length) await tx.insert(labGroups).values(names.labGroups.map(group => ({ courseId: recorded.id, ...group })))
  return recorded
}

/** One item for each thing that users count: a channel of the lecture, a group, or the course itself. */
function itemsOf(type: string, names: CourseNames) {
  const items = { subject: ['main'], channel: names.discordChannels, group: names.labGroups.map(({ number }) => groupItem(number)) }
  return workflows[WORKFLOW].steps
    .filter(step => !('kinds' in step) || (step.kinds as readonly string[]).includes(type))
    .flatMap(step => items[step.per].map(item => ({ name: step.name, item })))
}

/**
 * What the course would like to be called, or the first of `-2`, `-3`… with which nothing of it
 * is called like a thing of another course. Names that a person chose are theirs to keep apart.
 */
async function freeNames(tx: Transaction, input: z.output<typeof NewCourse>): Promise<CourseNames> {
  const wanted = wantedSlug(input)
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('names of courses', 0))`)
  const chosen = new Set([input.githubRepoName, ...(input.labGroups ?? []).map(group => group.githubRepoName)])
  for (let n = 1; ; n++) {
    const names = nameCourse(input, n === 1 ? wanted : `${wanted}-${n}`)
    const repos = [names.githubRepoName, ...names.labGroups.map(group => group.githubRepoName)].filter(name => name !== null && !chosen.has(name))
    const [other] = await tx.select({ id: courses.id }).from(courses).where(or(
      eq(courses.slug, names.slug),
      eq(courses.discordCategoryName, names.discordCategoryName),
      inArray(sql`lower(${courses.githubRepoName})`, repos),
      inArray(courses.id, tx.select({ id: labGroups.courseId }).from(labGroups).where(inArray(sql`lower(${labGroups.githubRepoName})`, repos))),
    )).limit(1)
    if (!other) return names
  }
}

/** The course with its groups, links and latest run. */
export async function findCourse(id: string): Promise<CourseRecord | undefined> {
  const [[course], groups, resources, latest] = await Promise.all([
    db().select().from(courses).where(eq(courses.id, id)),
    db().select().from(labGroups).where(eq(labGroups.courseId, id)).orderBy(asc(labGroups.number)),
    db().select({ type: externalResources.type, key: externalResources.key, url: externalResources.url }).from(externalResources)
      .where(and(eq(externalResources.subjectId, id), isNotNull(externalResources.madeAt), inArray(externalResources.type, ['REPO', 'CHANNEL']))),
    findLatestRuns(WORKFLOW, [id]),
  ])
  if (!course) return undefined
  const run = latest.get(id)!
  const url = (type: string, key: string) => resources.find(row => row.type === type && row.key === key)?.url ?? null
  return {
    ...course,
    githubRepoUrl: url('REPO', 'main'),
    labGroups: groups.map(group => ({ ...group, githubRepoUrl: url('REPO', groupItem(group.number)), discordChannelUrl: url('CHANNEL', groupItem(group.number)) })),
    run,
    rollback: run.status === 'cancelled' ? await findRollback(run.id) : null,
  }
}

/** A course with its groups: what its workflow has to make. */
export interface CoursePlanRow extends CourseRow { labGroups: LabGroupRow[] }

/** The course and its groups, as its workflow needs them. A course that has a run cannot be gone. */
export async function findCoursePlan(id: string): Promise<CoursePlanRow> {
  const [[course], groups] = await Promise.all([
    db().select().from(courses).where(eq(courses.id, id)),
    db().select().from(labGroups).where(eq(labGroups.courseId, id)).orderBy(asc(labGroups.number)),
  ])
  if (!course) throw new Error(`There is no course ${id}.`)
  return { ...course, labGroups: groups }
}

/** The status of a course: that of its latest run. */
const status = sql<CourseStatus>`(
  select case ${runs.status}
    when 'pending' then case when ${runs.retryOf} is null then 'PENDING' else 'RETRYING' end
    when 'running' then case when ${runs.retryOf} is null then 'IN_PROGRESS' else 'RETRYING' end
    else upper(${runs.status}) end
  from ${runs} where ${runs.workflow} = ${WORKFLOW} and ${runs.subjectId} = ${courses.id} order by ${runs.createdAt} desc limit 1)`

/** A page of courses, newest first, each with its groups counted and its latest run. */
export async function listCourses({ page, pageSize, ...filter }: { page: number, pageSize: number, status?: CourseStatus }) {
  const where = filter.status ? eq(status, filter.status) : undefined
  const [rows, [{ total } = { total: 0 }]] = await Promise.all([
    db().select({
      course: courses,
      // Written out: in the columns of a single table's select drizzle names no tables, and `id` would be the group's.
      groupCount: sql<number>`(select count(*)::int from lab_groups g where g.course_id = courses.id)`,
    }).from(courses).where(where).orderBy(desc(courses.createdAt), courses.id).limit(pageSize).offset((page - 1) * pageSize),
    db().select({ total: count() }).from(courses).where(where),
  ])
  const latest = await findLatestRuns(WORKFLOW, rows.map(row => row.course.id))
  return { items: rows.map(row => ({ ...row.course, groupCount: row.groupCount, run: latest.get(row.course.id)! })), page, pageSize, total }
}

/** Gives the course its Discord server. False when it has another already. */
export async function setDiscordServer(courseId: string, guildId: string): Promise<boolean> {
  const rows = await db().update(courses).set({ discordGuildId: guildId, updatedAt: sql`now()` })
    .where(and(eq(courses.id, courseId), sql`coalesce(${courses.discordGuildId}, ${guildId}) = ${guildId}`))
    .returning({ id: courses.id })
  return rows.length > 0
}

/** The course that an install link was made for. */
export async function findCourseByInstallState(installState: string): Promise<{ id: string } | undefined> {
  const [row] = await db().select({ id: courses.id }).from(courses).where(eq(courses.installState, installState))
  return row
}

/** Runs that wait for a Discord server though their course has one by now: telling them was lost. */
export const listWaitingWithServer = (): Promise<{ runId: string, guildId: string | null }[]> =>
  db().select({ runId: runs.id, guildId: courses.discordGuildId }).from(runs)
    .innerJoin(courses, eq(courses.id, runs.subjectId))
    .where(and(eq(runs.status, 'waiting'), isNotNull(courses.discordGuildId)))
    .limit(100)

/** The latest run of a course, when it waits for a Discord server. */
export async function findWaitingRun(courseId: string): Promise<string | undefined> {
  const [row] = await db().select({ id: runs.id }).from(runs).where(and(eq(runs.subjectId, courseId), eq(runs.status, 'waiting')))
  return row?.id
}
