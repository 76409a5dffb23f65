import { sql } from 'drizzle-orm'
import { type AnyPgColumn, index, integer, jsonb, pgTable, text, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, timestamptz } from './columns'
import type { RunStatus, StepStatus } from '../../../shared/schemas/run'
import type { Failure } from '../../../shared/schemas/problem'
import type { WorkflowName } from '../../../workflows.config'

/**
 * The runs (the seed's name for them is "job executions"). The row is written before the
 * runtime hears of the run; `runtime_run_id` is set by the execution that claims it.
 */
export const runs = pgTable('job_executions', {
  id: id(),
  workflow: text('workflow').$type<WorkflowName>().notNull(),
  subjectType: text('subject_type').notNull(),
  subjectId: uuid('subject_id').notNull(),
  status: text('status').$type<RunStatus>().notNull().default('pending'),
  retryOf: uuid('retry_of').references((): AnyPgColumn => runs.id, { onDelete: 'set null' }),
  /** Who asked for it: `owner`, the id of a key, or `atelier` itself. Turns go round by it. */
  actor: text('actor').notNull().default('atelier'),
  /** When its turn came; until then it is pending behind others. */
  dispatchedAt: timestamptz('dispatched_at'),
  /** The cancelled run whose things this one takes back. */
  rollbackOf: uuid('takes_back').references((): AnyPgColumn => runs.id, { onDelete: 'set null' }),
  runtimeRunId: text('runtime_run_id').unique(),
  error: jsonb('error').$type<Failure>(),
  /** What it came to, in numbers: how many of what. */
  result: jsonb('result').$type<Record<string, number>>(),
  createdAt: createdAt(),
  startedAt: timestamptz('started_at'),
  finishedAt: timestamptz('finished_at'),
}, table => [
  // Two active runs of one workflow for one subject cannot exist, whoever races.
  uniqueIndex('job_executions_one_active').on(table.workflow, table.subjectId)
    .where(sql`${table.status} in ('pending', 'running', 'waiting')`),
  index('job_executions_subject').on(table.subjectId, table.createdAt),
  index('job_executions_created_at').on(table.createdAt),
  index('job_executions_finished_at').on(table.finishedAt),
  index('job_executions_queued').on(table.actor, table.createdAt).where(sql`${table.status} = 'pending' and ${table.dispatchedAt} is null`),
])

/**
 * The parts of a run. A row is one item of a step: the thing it makes for the subject
 * itself or for one group. What users see of a step is the sum of its items.
 */
export const provisioningSteps = pgTable('provisioning_steps', {
  id: id(),
  runId: uuid('run_id').notNull().references(() => runs.id, { onDelete: 'cascade' }),
  name: text('name').notNull(),
  item: text('item').notNull(),
  /** Where the item stands among the others of its run. */
  position: integer('position').notNull(),
  status: text('status').$type<StepStatus>().notNull().default('pending'),
  /** Attempts as users count them: a crash or a rate limit is none. */
  attempts: integer('attempts').notNull().default(0),
  error: jsonb('error').$type<Failure>(),
  /** What the item made, for the items that follow; plain data without secrets. */
  result: jsonb('result').$type<unknown>(),
  nextAttemptAt: timestamptz('next_attempt_at'),
  /** Last sign of life, for the watchdog. */
  changedAt: timestamptz('changed_at').notNull().defaultNow(),
  startedAt: timestamptz('started_at'),
  finishedAt: timestamptz('finished_at'),
}, table => [unique('provisioning_steps_item').on(table.runId, table.name, table.item)])
