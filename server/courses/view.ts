import type { H3Event } from 'h3'
import { hasDiscordBot } from '../lib/env'
import { installUrl, NEEDED_PERMISSIONS, serverUrl } from '../lib/discord'
import type { CourseRecord } from './queries'
import { type Actor, mayOperate } from '../http/access'
import type { Course, CourseStatus, CourseStatusReport, CourseSummary } from '../../shared/schemas/course'
import { courseStepStatus } from '../../shared/schemas/course'
import type { Run } from '../../shared/schemas/run'
import { baseUrl } from '../http/base-url'

/** The published API's name for the state of a course's latest run. */
export function courseStatus({ status, retryOf }: Pick<Run, 'status' | 'retryOf'>): CourseStatus {
  if (retryOf && (status === 'pending' || status === 'running')) return 'RETRYING'
  return status === 'running' ? 'IN_PROGRESS' : status.toUpperCase() as CourseStatus
}

/** A course as the API answers it. */
export const toCourse = (event: H3Event, course: CourseRecord, actor: Actor): Course => ({
  id: course.id,
  name: course.name,
  semester: course.semester,
  type: course.type,
  status: courseStatus(course.run),
  discordGuildId: course.discordGuildId,
  discordUrl: course.discordGuildId ? serverUrl(course.discordGuildId) : null,
  githubRepoUrl: course.githubRepoUrl,
  labGroups: course.labGroups.map(({ id, name, number, githubRepoUrl, discordChannelUrl }) =>
    ({ id, name, number, githubRepoUrl, discordChannelUrl })),
  warnings: course.run.steps.flatMap(step => step.items
    .filter(item => item.status === 'skipped' && item.error)
    .map(item => ({ ...item.error!, step: step.name, item: item.key }))),
  discordInstall: mayOperate(actor) ? discordInstall(event, course) : null,
  run: course.run,
  rollback: course.rollback,
  links: links(course),
  createdAt: course.createdAt.toISOString(),
  updatedAt: (latest(course.run) ?? course.updatedAt).toISOString(),
})

const links = ({ id, run }: CourseRecord): Course['links'] => ({
  self: `/api/courses/${id}`,
  status: `/api/courses/${id}/status`,
  resources: `/api/courses/${id}/resources`,
  audit: `/api/audit?subjectId=${id}`,
  run: `/api/runs/${run.id}`,
  events: `/api/runs/${run.id}/events`,
})

/**
 * While a course waits for a server: the page on which a person adds the bot to one. Only operators get it, because
 * its user chooses the server.
 */
function discordInstall(event: H3Event, { run, installState, discordGuildId }: CourseRecord): Course['discordInstall'] {
  if (run.status !== 'waiting' || discordGuildId || !hasDiscordBot()) return null
  const redirectUri = `${baseUrl(event)}/api/discord/installed`
  return { url: installUrl({ state: installState, redirectUri }), permissions: Object.keys(NEEDED_PERMISSIONS) }
}

/** The steps of a course under the published API's names. */
export const toStatusReport = (event: H3Event, course: CourseRecord, actor: Actor): CourseStatusReport => ({
  courseId: course.id,
  courseStatus: courseStatus(course.run),
  steps: course.run.steps.map(step => ({
    stepName: step.name,
    stepOrder: step.order,
    status: courseStepStatus(step.status),
    attempts: step.attempts,
    done: step.done,
    total: step.total,
    errorMsg: step.error && `${step.error.message} ${step.error.fix}`,
    startedAt: step.startedAt,
    finishedAt: step.finishedAt,
  })),
  discordInstall: mayOperate(actor) ? discordInstall(event, course) : null,
})

interface ListedCourse extends Pick<CourseRecord, 'id' | 'name' | 'semester' | 'type' | 'createdAt' | 'updatedAt' | 'run'> {
  groupCount: number
}

/** A course as a list shows it. */
export const toCourseSummary = ({ run, ...course }: ListedCourse): CourseSummary => ({
  id: course.id,
  name: course.name,
  semester: course.semester,
  type: course.type,
  status: courseStatus(run),
  runId: run.id,
  done: run.steps.reduce((sum, step) => sum + step.done, 0),
  total: run.steps.reduce((sum, step) => sum + step.total, 0),
  groupCount: course.groupCount,
  warnings: run.steps.flatMap(step => step.items).filter(item => item.status === 'skipped' && item.error).length,
  createdAt: course.createdAt.toISOString(),
  updatedAt: (latest(run) ?? course.updatedAt).toISOString(),
})

/** The time of the last change of the run. */
function latest(run: Run): Date | undefined {
  const times = [run.finishedAt, ...run.steps.flatMap(step => [step.startedAt, step.finishedAt])].filter(time => time !== null).sort()
  return times.length ? new Date(times.at(-1)!) : undefined
}
