import { z } from 'zod'
import { Failure } from './problem'
import { PageQuery } from './page'
import { Service } from './resource'

export const RunStatus = z.enum(['pending', 'running', 'waiting', 'completed', 'failed', 'cancelled']).meta({ id: 'RunStatus' })
export type RunStatus = z.infer<typeof RunStatus>

export const StepStatus = z.enum(['pending', 'running', 'completed', 'failed', 'skipped']).meta({ id: 'StepStatus' })
export type StepStatus = z.infer<typeof StepStatus>

const timestamp = z.iso.datetime()

/** One part of a step: the thing it makes for the course itself (`main`) or for one group (`group-3`). */
export const StepItem = z.object({
  key: z.string(),
  status: StepStatus,
  attempts: z.int(),
  error: Failure.nullable().meta({ description: 'The last failure; on a skipped item, why it was skipped.' }),
  nextAttemptAt: timestamp.nullable().meta({ description: 'When the next attempt is due, while one is.' }),
}).meta({ id: 'StepItem' })
export type StepItem = z.infer<typeof StepItem>

/** One step of a run as users see it; `done` of `total` counts its items. */
export const Step = z.object({
  name: z.string(),
  title: z.string(),
  order: z.int(),
  status: StepStatus,
  attempts: z.int().meta({ description: 'The most attempts that one of its items took. A crash is not an attempt.' }),
  done: z.int(),
  total: z.int(),
  error: Failure.nullable(),
  startedAt: timestamp.nullable(),
  finishedAt: timestamp.nullable(),
  items: z.array(StepItem),
}).meta({ id: 'Step' })
export type Step = z.infer<typeof Step>

export const RunSummary = z.object({
  id: z.uuid(),
  workflow: z.string(),
  subjectType: z.string().meta({ description: 'What the run is about, `course`.' }),
  subjectId: z.uuid(),
  status: RunStatus,
  queuedBehind: z.int().nullable().meta({ description: 'While it waits for its turn: how many runs have theirs before it. Turns go round by who asked.' }),
  retryOf: z.uuid().nullable().meta({ description: 'The failed or cancelled run that this one takes up again.' }),
  takesBack: z.uuid().nullable().meta({ description: 'The cancelled run whose things this one removes.' }),
  error: Failure.nullable(),
  result: z.record(z.string(), z.int()).nullable().meta({ description: 'What it came to, in numbers, by step: how many records a pruning removed.' }),
  createdAt: timestamp,
  startedAt: timestamp.nullable(),
  finishedAt: timestamp.nullable(),
}).meta({ id: 'RunSummary' })
export type RunSummary = z.infer<typeof RunSummary>

/** What holds up a run that waits for a provider's rate limit. */
export const RunLimit = z.object({
  service: Service,
  says: z.string().nullable().meta({ description: 'The limit in words, `GitHub allows 80 new things a minute`; null when the provider only asked to wait.' }),
  left: z.int().meta({ description: 'New things that the run has still to make there, as the provider counts them.' }),
  doneAt: timestamp.nullable().meta({ description: 'When all that waits for this limit is expected to be done; null when that cannot be told.' }),
}).meta({ id: 'RunLimit' })
export type RunLimit = z.infer<typeof RunLimit>

export const Run = RunSummary.extend({
  steps: z.array(Step),
  limitedBy: RunLimit.nullable().meta({ description: 'The rate limit that the run waits for; null while it waits for none.' }),
}).meta({ id: 'Run' })
export type Run = z.infer<typeof Run>

/** What a run is about, as people know it. */
export const RunSubject = z.object({
  title: z.string().meta({ description: 'The name of the course, or the title of the challenge or task whose workspace it is.' }),
  challenge_id: z.uuid().nullable().meta({ description: 'The challenge, where it is about a workspace.' }),
}).meta({ id: 'RunSubject' })
export type RunSubject = z.infer<typeof RunSubject>

const subject = RunSubject.nullable().meta({ description: 'Null when it is not there any more.' })

export const ListedRun = RunSummary.extend({ subject }).meta({ id: 'ListedRun' })
export type ListedRun = z.infer<typeof ListedRun>

export const ShownRun = Run.extend({ subject }).meta({ id: 'ShownRun' })
export type ShownRun = z.infer<typeof ShownRun>

/** `takeBack`: also remove what the run made, and what the runs made that it was a retry of. */
export const CancelRun = z.strictObject({ takeBack: z.boolean().default(false) }).meta({ id: 'CancelRun', example: { takeBack: true } })

export const CancelledRun = Run.extend({ takenBackBy: RunSummary.nullable().meta({ description: 'The run that removes what was made, when that was asked for.' }) }).meta({ id: 'CancelledRun' })

export const RunListQuery = PageQuery.extend({
  status: RunStatus.optional(),
  workflow: z.string().regex(/^[a-z-]{1,64}$/, { error: 'It is no name of a workflow, `provision-course`.' }).optional(),
  subjectId: z.uuid().optional(),
})
