import { sql } from 'drizzle-orm'
import { bigint, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { timestamptz } from './columns'
import type { Role } from '../../../shared/schemas/session'

/**
 * Who changed what here, and who was refused. Append-only (a trigger keeps it so) and without foreign
 * keys, because it outlives its actors and subjects.
 */
export const actionLog = pgTable('action_log', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  /** Made by the process, so that an entry whose write has an unknown outcome can be written again. */
  entryId: uuid('entry_id').notNull().unique(),
  at: timestamptz('at').notNull(),
  /** Null when it counts several requests. */
  requestId: text('request_id'),
  /** `owner`, the id of a key, or `anonymous`. */
  actor: text('actor').notNull(),
  actorName: text('actor_name').notNull(),
  role: text('role').$type<Role>(),
  /** The session that it came by, or that it began or ended. */
  sessionId: uuid('session_id'),
  address: text('address').notNull(),
  /** The operation of the contract. */
  action: text('action').notNull(),
  subjectType: text('subject_type'),
  subjectId: uuid('subject_id'),
  status: integer('status').notNull(),
  /** Of the problem that answered it. */
  code: text('code'),
  /** The runs that it led to. */
  runIds: uuid('run_ids').array().notNull().default(sql`'{}'::uuid[]`),
  /** How many refused requests it stands for. */
  count: integer('count').notNull().default(1),
}, table => [
  index('action_log_actor').on(table.actor, table.id),
  index('action_log_subject').on(table.subjectId, table.id),
  index('action_log_request').on(table.requestId),
  index('action_log_at').on(table.at),
])
