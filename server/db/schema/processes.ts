import { bigint, pgTable } from 'drizzle-orm/pg-core'
import { createdAt, id, moment } from './columns'

/**
 * The server processes on this database. Each holds a session's advisory lock on `lock_key`
 * for as long as it lives; PostgreSQL drops it the moment the process is gone.
 */
export const processes = pgTable('processes', {
  id: id(),
  lockKey: bigint('lock_key', { mode: 'number' }).notNull(),
  createdAt: createdAt(),
  heartbeatAt: moment('heartbeat_at').notNull().defaultNow(),
})
