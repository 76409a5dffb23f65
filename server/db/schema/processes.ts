import { sql } from 'drizzle-orm'
import { bigint, pgTable, text } from 'drizzle-orm/pg-core'
import { createdAt, id, timestamptz } from './columns'

/**
 * The server processes on this database. Each holds a session's advisory lock on `lock_key`
 * for as long as it lives; PostgreSQL drops it the moment the process is gone.
 */
export const processes = pgTable('processes', {
  id: id(),
  lockKey: bigint('lock_key', { mode: 'number' }).notNull(),
  createdAt: createdAt(),
  heartbeatAt: timestamptz('heartbeat_at').notNull().defaultNow(),
  /** Since when its heart beats without a gap. Who was cut off itself cannot tell whether others are gone. */
  healthySince: timestamptz('healthy_since').notNull().default(sql`'-infinity'`),
  /** Its workers' names on the jobs they have locked. */
  workerIds: text('worker_ids').array().notNull().default([]),
  /** When another process found it dead and gave its jobs back. */
  reapedAt: timestamptz('reaped_at'),
})
