import { bigint, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { timestamptz } from './columns'
import type { AuditEntry } from '../../../shared/schemas/audit'

/**
 * Every call to an outside service. Append-only (a trigger keeps it so) and without foreign
 * keys, because it outlives its subjects.
 */
export const auditLog = pgTable('audit_log', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  at: timestamptz('at').notNull(),
  service: text('service').$type<AuditEntry['service']>().notNull(),
  action: text('action').notNull(),
  target: text('target').notNull(),
  result: text('result').$type<AuditEntry['result']>().notNull(),
  statusCode: integer('status_code'),
  durationMs: integer('duration_ms').notNull(),
  errorMessage: text('error_message'),
  runId: uuid('run_id'),
  subjectType: text('subject_type'),
  subjectId: uuid('subject_id'),
  step: text('step'),
  item: text('item'),
  attempt: integer('attempt'),
  /** The request that it comes of: one that started a run, or looked at something. */
  requestId: text('request_id'),
}, table => [
  index('audit_log_subject').on(table.subjectId, table.id),
  index('audit_log_run').on(table.runId, table.id),
])
