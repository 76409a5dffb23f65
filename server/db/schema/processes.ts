import { bigint, pgTable } from 'drizzle-orm/pg-core'
import { createdAt, id, moment } from './columns'

/**
 * The server processes on this database. Each holds a session's advisory lock on `lock_key`
 * for as long as it lives; PostgreSQL drops it the moment the process is gone.
 */
export const processes = pgTable('processes', {
  id: id(),
  /** Null behind a transaction pooler, where no session lock can be held: leases then lapse by time alone. */
  lockKey: bigint('lock_key', { mode: 'number' }),
  createdAt: createdAt(),
  heartbeatAt: moment('heartbeat_at').notNull().defaultNow(),
})
