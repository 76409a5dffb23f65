import type { Pool } from 'pg'

let pool: Pool | undefined

/** Remembers the pool of the runtime. Its own file, because functions on Vercel must not load the runtime on PostgreSQL. */
export const setRuntimePool = (opened: Pool): void => {
  pool = opened
}

/** The connections of the runtime's pool by state, and the callers that wait for one; empty where there is no pool. */
export const runtimeConnections = (): Record<string, number> =>
  pool ? { busy: pool.totalCount - pool.idleCount, idle: pool.idleCount, awaited: pool.waitingCount } : {}
