import { z } from 'zod'
import { MAX_LAB_GROUPS, oneLine, repoNameRule, snowflakeRule } from './rules'
import type { StepStatus } from './run'
import { Run } from './run'
import { Failure } from './problem'
import { PageQuery } from './page'
import { needsGroups } from '../utils/course-steps'

export const CourseType = z.enum(['LECTURE', 'LABORATORY', 'COMBINED']).meta({ id: 'CourseType' })
export type CourseType = z.infer<typeof CourseType>

/** The published API's names for the state of a course. */
export const CourseStatus = z.enum([
  'PENDING', 'IN_PROGRESS', 'WAITING', 'RETRYING', 'COMPLETED', 'FAILED', 'CANCELLED',
]).meta({ id: 'CourseStatus' })
export type CourseStatus = z.infer<typeof CourseStatus>

export const NewLabGroup = z.strictObject({
  name: oneLine(60),
  number: z.int().min(1).max(9999),
  githubRepoName: repoNameRule.optional(),
  discordChannelName: oneLine(90).optional(),
  discordRoleName: oneLine(90).optional(),
}).meta({ id: 'NewLabGroup' })

const EXAMPLE_GROUP = '{ "name": "Alpha", "number": 1 }'

export const NewCourse = z.strictObject({
  name: oneLine(100),
  semester: oneLine(40),
  type: CourseType,
  labGroups: z.array(NewLabGroup).max(MAX_LAB_GROUPS, {
    error: `There must be at most ${MAX_LAB_GROUPS} groups: a Discord server holds 250 roles, including @everyone and the bot's own.`,
  }).optional(),
  discordGuildId: snowflakeRule.optional(),
  githubRepoName: repoNameRule.optional(),
  discordChannels: z.array(oneLine(90)).min(1).max(40).optional()
    .meta({ description: 'Channels of the lecture, instead of announcements, general, lectures and qa-help.' }),
}).superRefine(({ type, labGroups, ...course }, ctx) => {
  const refuse = (path: PropertyKey[], message: string, fix: string) =>
    ctx.addIssue({ code: 'custom', path, message, params: { fix } })
  if (needsGroups(type) && !labGroups?.length)
    refuse(['labGroups'], `A ${type} course needs at least one lab group.`, `Add a group, ${EXAMPLE_GROUP}, or choose the type LECTURE.`)
  if (!needsGroups(type) && labGroups?.length)
    refuse(['labGroups'], 'A LECTURE course has no lab groups.', 'Omit labGroups, or choose the type LABORATORY or COMBINED.')
  if (type === 'LABORATORY') for (const field of ['githubRepoName', 'discordChannels'] as const) {
    if (course[field] !== undefined)
      refuse([field], 'A LABORATORY course has no lecture.', `Omit ${field}, or choose the type COMBINED.`)
  }
  const repoNames = [course.githubRepoName, ...(labGroups ?? []).map(group => group.githubRepoName)]
  for (const [field, values] of [
    ['number', labGroups?.map(group => String(group.number))],
    ['githubRepoName', repoNames.slice(1)],
    ['discordChannelName', labGroups?.map(group => group.discordChannelName)],
    ['discordRoleName', labGroups?.map(group => group.discordRoleName)],
  ] as const) {
    const taken = new Set(field === 'githubRepoName' && course.githubRepoName ? [course.githubRepoName.toLowerCase()] : [])
    values?.forEach((value, index) => {
      if (value === undefined) return
      const folded = value.normalize('NFKC').toLowerCase()
      if (taken.has(folded))
        refuse(['labGroups', index, field], `"${value}" is taken by another group.`, `Give each group a ${field} of its own.`)
      taken.add(folded)
    })
  }
  course.discordChannels?.forEach((name, index, names) => {
    if (names.slice(0, index).some(other => other.toLowerCase() === name.toLowerCase()))
      refuse(['discordChannels', index], `"${name}" is named twice.`, 'Name each channel once.')
  })
}).meta({
  id: 'NewCourse',
  example: {
    name: 'Software Engineering Lab',
    semester: '2026-spring',
    type: 'LABORATORY',
    labGroups: [{ name: 'Alpha', number: 1 }, { name: 'Beta', number: 2 }],
  },
})
export type NewCourse = z.input<typeof NewCourse>

export const LabGroup = z.object({
  id: z.uuid(),
  name: z.string(),
  number: z.int(),
  githubRepoUrl: z.url().nullable(),
  discordChannelUrl: z.url().nullable(),
}).meta({ id: 'LabGroup' })
export type LabGroup = z.infer<typeof LabGroup>

export const CourseSummary = z.object({
  id: z.uuid(),
  name: z.string(),
  semester: z.string(),
  type: CourseType,
  status: CourseStatus,
  runId: z.uuid(),
  done: z.int().meta({ description: 'Step items done.' }),
  total: z.int(),
  groupCount: z.int(),
  warnings: z.int().meta({ description: 'Step items that were skipped.' }),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
}).meta({ id: 'CourseSummary' })
export type CourseSummary = z.infer<typeof CourseSummary>

/** What a waiting course asks a person to do: add the bot to a server that they own. */
export const DiscordInstall = z.object({
  url: z.url().meta({ description: 'Discord\'s own page that adds the bot to a server; it carries the course\'s install state.' }),
  permissions: z.array(z.string()),
}).meta({ id: 'DiscordInstall' })

export const CourseWarning = Failure.extend({ step: z.string(), item: z.string() }).meta({ id: 'CourseWarning' })

export const Links = z.object({
  self: z.string(),
  status: z.string(),
  resources: z.string(),
  audit: z.string(),
  run: z.string(),
  events: z.string(),
}).meta({ id: 'Links' })

export const Course = z.object({
  id: z.uuid(),
  name: z.string(),
  semester: z.string(),
  type: CourseType,
  status: CourseStatus,
  discordGuildId: z.string().nullable(),
  discordUrl: z.url().nullable(),
  githubRepoUrl: z.url().nullable(),
  labGroups: z.array(LabGroup),
  warnings: z.array(CourseWarning),
  discordInstall: DiscordInstall.nullable().meta({ description: 'Present while the course waits for a Discord server.' }),
  run: Run,
  rollback: Run.nullable().meta({ description: 'The run that removes what was created, after the course was cancelled and rolled back.' }),
  links: Links,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
}).meta({ id: 'Course' })
export type Course = z.infer<typeof Course>

/** The published API's names for the status of a step. */
export const CourseStepStatus = z.enum(['PENDING', 'IN_PROGRESS', 'COMPLETED', 'FAILED', 'SKIPPED']).meta({ id: 'CourseStepStatus' })

/** The steps of a course under the published API's names. */
export const CourseStatusReport = z.object({
  courseId: z.uuid(),
  courseStatus: CourseStatus,
  steps: z.array(z.object({
    stepName: z.string(),
    stepOrder: z.int(),
    status: CourseStepStatus,
    attempts: z.int(),
    done: z.int(),
    total: z.int(),
    errorMsg: z.string().nullable(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
  })),
  discordInstall: DiscordInstall.nullable(),
}).meta({ id: 'CourseStatusReport' })
export type CourseStatusReport = z.infer<typeof CourseStatusReport>

export const ChooseDiscordServer = z.strictObject({ guildId: snowflakeRule })
  .meta({ id: 'ChooseDiscordServer', example: { guildId: '1100000000000000001' } })

export const CourseListQuery = PageQuery.extend({ status: CourseStatus.optional() })

/** Maps a step's status to the published API's name. */
export const courseStepStatus = (status: StepStatus): z.infer<typeof CourseStepStatus> =>
  status === 'running' ? 'IN_PROGRESS' : status.toUpperCase() as z.infer<typeof CourseStepStatus>
