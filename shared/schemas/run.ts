import { z } from 'zod'
import { Failure } from './problem'
import { PageQuery } from './page'
import { Service } from './resource'

export const RunStatus = z.enum(['pending', 'running', 'waiting', 'completed', 'failed', 'cancelled']).meta({ id: 'RunStatus' })
export type RunStatus = z.infer<typeof RunStatus>

export const StepStatus = z.enum(['pending', 'running', 'completed', 'failed', 'skipped']).meta({ id: 'StepStatus' })
export type StepStatus = z.infer<typeof StepStatus>

const timestamp = z.iso.datetime()

/** One part of a step: the subject itself (`main`), or one of its parts (`group-3`). */
export const StepItem = z.object({
  key: z.string(),
  label: z.string().meta({ description: 'What people call the item: `Group 3`.' }),
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
  workflowTitle: z.string(),
  subjectType: z.string().meta({ description: 'The type of what the run is about, `course`.' }),
  subjectId: z.uuid(),
  status: RunStatus,
  actor: z.string().meta({ description: 'Who started it: `owner`, the id of a key, or `atelier` for a schedule.' }),
  requestId: z.string().nullable().meta({ description: 'The `x-request-id` of the request that started it; null for a schedule.' }),
  queuedBehind: z.int().nullable().meta({ description: 'While it is queued: how many runs start before it.' }),
  rootRunId: z.uuid().meta({ description: 'The first run of its chain of retries and rollbacks; its own id when it is the first.' }),
  retryOf: z.uuid().nullable().meta({ description: 'The failed or cancelled run that this one retries.' }),
  rollbackOf: z.uuid().nullable().meta({ description: 'The cancelled run whose resources this one removes.' }),
  supersededBy: z.uuid().nullable().meta({ description: 'The newer run that replaced this one.' }),
  error: Failure.nullable(),
  createdAt: timestamp,
  startedAt: timestamp.nullable(),
  finishedAt: timestamp.nullable(),
}).meta({ id: 'RunSummary' })
export type RunSummary = z.infer<typeof RunSummary>

/** What holds up a run that waits for a provider's rate limit. */
export const RunLimit = z.object({
  service: Service,
  says: z.string().nullable()
    .meta({ description: 'The limit in words, `GitHub allows 80 new resources a minute`; null when the provider only asked to wait.' }),
  left: z.int().meta({ description: 'Resources that the run must still create there, as the provider counts them.' }),
  doneAt: timestamp.nullable()
    .meta({ description: 'When everything that waits for this limit is expected to be done; null when unknown.' }),
}).meta({ id: 'RunLimit' })
export type RunLimit = z.infer<typeof RunLimit>

/** Something that a run waits for, and that a person or another system answers. */
export const Wait = z.object({
  id: z.uuid(),
  runId: z.uuid(),
  kind: z.string().meta({ description: 'The name of the wait in its workflow, `discord-server`.' }),
  title: z.string(),
  message: z.string().meta({ description: 'What the run waits for.' }),
  why: z.string(),
  fix: z.string().meta({ description: 'What the person must do.' }),
  answer: z.record(z.string(), z.unknown()).nullable()
    .meta({ description: 'JSON Schema of the answer; null when the run finds the answer itself. Then an answer makes it look now.' }),
  deadline: timestamp.nullable(),
  createdAt: timestamp,
}).meta({ id: 'Wait' })
export type Wait = z.infer<typeof Wait>

export const Run = RunSummary.extend({
  output: z.unknown().meta({ description: 'The result of the run; null while there is none.' }),
  steps: z.array(Step),
  waits: z.array(Wait).meta({ description: 'What it waits for now.' }),
  limitedBy: RunLimit.nullable().meta({ description: 'The rate limit that the run waits for; null while it waits for none.' }),
}).meta({ id: 'Run' })
export type Run = z.infer<typeof Run>

/** What a run is about, as people know it. */
export const RunSubject = z.object({
  title: z.string(),
  href: z.string().nullable().meta({ description: 'Its page in the dashboard; null when it has none.' }),
}).meta({ id: 'RunSubject' })
export type RunSubject = z.infer<typeof RunSubject>

/** Who started a run. */
export const RunActor = z.object({ id: z.string(), name: z.string() }).meta({ id: 'RunActor' })
export type RunActor = z.infer<typeof RunActor>

const about = {
  subject: RunSubject.nullable().meta({ description: 'Null when it was deleted.' }),
  startedBy: RunActor,
}

export const RunListItem = RunSummary.extend(about).meta({ id: 'RunListItem' })
export type RunListItem = z.infer<typeof RunListItem>

/** Everything that the page of a run shows. */
export const RunDetails = Run.extend({
  ...about,
  input: z.unknown().meta({ description: 'What the run was started with; null when its workflow takes no input.' }),
  maxAttempts: z.int().meta({ description: 'Attempts of an item before its failure is final.' }),
  canRetry: z.boolean(),
  canRollback: z.boolean().meta({ description: 'Whether a cancel can also remove what the run and its chain created.' }),
  chain: z.array(RunSummary).meta({ description: 'All runs of its chain, oldest first: the first run, its retries and rollbacks.' }),
}).meta({ id: 'RunDetails' })
export type RunDetails = z.infer<typeof RunDetails>

/** `rollback`: also remove what the run, and the runs that it retries, created. */
export const CancelRun = z.strictObject({ rollback: z.boolean().default(false) }).meta({ id: 'CancelRun', example: { rollback: true } })

export const CancelledRun = Run.extend({
  rolledBackBy: RunSummary.nullable().meta({ description: 'The run that removes what was created, when that was asked for.' }),
}).meta({ id: 'CancelledRun' })
export type CancelledRun = z.infer<typeof CancelledRun>

/** The answer to a wait; the wait's own JSON Schema describes it. */
export const AnswerWait = z.strictObject({ answer: z.record(z.string(), z.unknown()).default({}) })
  .meta({ id: 'AnswerWait', example: { answer: { guildId: '1234567890' } } })

const workflowName = z.string().regex(/^[a-z-]{1,64}$/, { error: 'It must be the name of a workflow, like `provision-course`.' })

export const RunListQuery = PageQuery.extend({
  status: RunStatus.optional(),
  workflow: workflowName.optional(),
  actor: z.string().max(100).optional().meta({ description: 'The id of an actor, or `mine` for the caller.' }),
  subjectType: z.string().regex(/^[a-z-]{1,64}$/, { error: 'It must be a type of subject, like `course`.' }).optional(),
  subjectId: z.uuid().optional(),
})

/** A workflow, as `workflows.config.ts` describes it. */
export const Workflow = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  subject: z.string(),
  steps: z.array(z.object({ name: z.string(), title: z.string() })),
  maxAttempts: z.int(),
  concurrency: z.enum(['reject', 'join', 'queue', 'replace']),
  schedule: z.string().nullable(),
  canRollback: z.boolean(),
}).meta({ id: 'Workflow' })
export type Workflow = z.infer<typeof Workflow>

/** The outcome of a tick of a schedule. */
export const ScheduledStart = z.object({
  workflow: z.string(),
  tick: z.iso.datetime().meta({ description: 'The last time at which it was due.' }),
  state: z.enum(['started', 'done', 'busy'])
    .meta({ description: '`done`: it was started for this tick before; `busy`: an earlier run is still active.' }),
}).meta({ id: 'ScheduledStart' })

export const ScheduledWorkflow = z.object({ workflow: workflowName })
