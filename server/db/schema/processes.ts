import { sql } from 'drizzle-orm'
import { bigint, pgTable, text } from 'drizzle-orm/pg-core'
import { createdAt, id, timestamptz } from './columns'

/**
 * The server processes on this database. Each holds a session's advisory lock on `lock_key`
 * for as long as it lives; PostgreSQL drops it the moment the process ends.
 */
export const processes = pgTable('processes', {
  id: id(),
  lockKey: bigint('lock_key', { mode: 'number' }).notNull(),
  createdAt: createdAt(),
  heartbeatAt: timestamptz('heartbeat_at').notNull().defaultNow(),
  /** Since when it sends heartbeats without a gap. A process that lost its own connection cannot know whether others are dead. */
  healthySince: timestamptz('healthy_since').notNull().default(sql`'-infinity'`),
  /** The names under which its workers lock jobs. */
  workerIds: text('worker_ids').array().notNull().default([]),
  /** When another process found it dead and released its jobs. */
  reapedAt: timestamptz('reaped_at'),
})
