import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn, bigint, boolean, index, integer, jsonb, pgTable, text, unique, uniqueIndex, uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, id, timestamptz } from './columns'
import type { RunStatus, StepStatus } from '../../../shared/schemas/run'
import type { Failure } from '../../../shared/schemas/problem'
import type { Service } from '../../../shared/schemas/resource'

const isActive = sql`status in ('pending', 'running', 'waiting')`

/**
 * The runs (the published API's name for them is "job executions"). The row is written before the
 * run is dispatched to the runtime; the execution that claims it sets `runtime_run_id`.
 */
export const runs = pgTable('job_executions', {
  id: id(),
  workflow: text('workflow').notNull(),
  subjectType: text('subject_type').notNull(),
  subjectId: uuid('subject_id').notNull(),
  /** Runs of one group exclude each other on a subject: a workflow alone, or one with its rollback. */
  concurrencyGroup: text('concurrency_group').notNull(),
  /** Whether it waits for an earlier run of its group and subject to end. */
  isBehind: boolean('is_behind').notNull().default(false),
  /** False once a newer run must not replace it any more. */
  isReplaceable: boolean('is_replaceable').notNull().default(true),
  status: text('status').$type<RunStatus>().notNull().default('pending'),
  /** Checked by the workflow's schema; plain data, at most 64 KB, without secrets. */
  input: jsonb('input').$type<unknown>(),
  /** The result of the run; plain data without secrets. */
  output: jsonb('output').$type<unknown>(),
  /** The first run of the chain of retries and rollbacks; its own id when it is the first. */
  rootRunId: uuid('root_run_id').notNull().references((): AnyPgColumn => runs.id),
  retryOf: uuid('retry_of').references((): AnyPgColumn => runs.id),
  /** The cancelled run whose resources this one removes. */
  rollbackOf: uuid('rollback_of').references((): AnyPgColumn => runs.id),
  /** The newer run that replaced this one. */
  supersededBy: uuid('superseded_by').references((): AnyPgColumn => runs.id),
  /** Who asked for it: `owner`, the id of a key, or `atelier` itself. The fair queue is fair between actors. */
  actor: text('actor').notNull().default('atelier'),
  /** The request that it comes of; null for a schedule. */
  requestId: text('request_id'),
  /** When it left the fair queue; until then it is pending behind others. */
  dispatchedAt: timestamptz('dispatched_at'),
  runtimeRunId: text('runtime_run_id').unique(),
  error: jsonb('error').$type<Failure>(),
  createdAt: createdAt(),
  startedAt: timestamptz('started_at'),
  finishedAt: timestamptz('finished_at'),
}, table => [
  // Two active runs of one group on one subject cannot exist, unless one is recorded as waiting behind the other.
  uniqueIndex('job_executions_one_active').on(table.concurrencyGroup, table.subjectId)
    .where(sql`${isActive} and not is_behind`),
  index('job_executions_subject').on(table.subjectId, table.createdAt),
  index('job_executions_root').on(table.rootRunId),
  index('job_executions_created_at').on(table.createdAt),
  index('job_executions_finished_at').on(table.finishedAt),
  index('job_executions_queued').on(table.actor, table.createdAt)
    .where(sql`${table.status} = 'pending' and ${table.dispatchedAt} is null`),
])

/**
 * The parts of a run. A row is one item of a step: one outside resource, or the subject itself.
 * Users see a step as the sum of its items.
 */
export const provisioningSteps = pgTable('provisioning_steps', {
  id: id(),
  runId: uuid('run_id').notNull().references(() => runs.id, { onDelete: 'cascade' }),
  name: text('name').notNull(),
  item: text('item').notNull(),
  /** The position of the item among those of its run. */
  position: integer('position').notNull(),
  status: text('status').$type<StepStatus>().notNull().default('pending'),
  /** Attempts as users count them: a crash or a rate limit does not count. */
  attempts: integer('attempts').notNull().default(0),
  error: jsonb('error').$type<Failure>(),
  /** The result of the item, for the items that follow; plain data without secrets. */
  result: jsonb('result').$type<unknown>(),
  /** Where it creates resources, and how many as the service's rate limit counts them. */
  service: text('service').$type<Service>(),
  creates: integer('creates').notNull().default(0),
  nextAttemptAt: timestamptz('next_attempt_at'),
  /** The process that works on it, and the end of its lease. A live process renews the lease. */
  leaseHolder: uuid('lease_holder'),
  leasedAt: timestamptz('leased_at'),
  leasedUntil: timestamptz('leased_until'),
  /** Grows with every lease; an outcome with an old number is void. */
  fence: bigint('fence', { mode: 'number' }).notNull().default(0),
  /** The last change, by which the watchdog finds stalled runs. */
  changedAt: timestamptz('changed_at').notNull().defaultNow(),
  startedAt: timestamptz('started_at'),
  finishedAt: timestamptz('finished_at'),
}, table => [unique('provisioning_steps_item').on(table.runId, table.name, table.item)])

/** What runs wait for: one row for each wait, from the moment at which a person is asked. */
export const runWaits = pgTable('run_waits', {
  id: id(),
  runId: uuid('run_id').notNull().references(() => runs.id, { onDelete: 'cascade' }),
  /** The name of the wait in its workflow; of an item that waits, its step and its key. */
  kind: text('kind').notNull(),
  /** The runtime's hook that the answer resumes; null where the item itself looks for what it waits for. */
  token: text('token').unique(),
  title: text('title').notNull(),
  message: text('message').notNull(),
  why: text('why').notNull(),
  fix: text('fix').notNull(),
  deadline: timestamptz('deadline'),
  answer: jsonb('answer').$type<unknown>(),
  answeredBy: text('answered_by'),
  answeredAt: timestamptz('answered_at'),
  /** When the run continued, or stopped waiting. */
  closedAt: timestamptz('closed_at'),
  createdAt: createdAt(),
}, table => [
  unique('run_waits_kind').on(table.runId, table.kind),
  index('run_waits_unanswered').on(table.answeredAt).where(sql`closed_at is null`),
])

/** The last tick of each schedule that was started, or was due before the schedule was first seen. */
export const schedules = pgTable('schedules', {
  workflow: text('workflow').primaryKey(),
  tick: timestamptz('tick').notNull(),
})
