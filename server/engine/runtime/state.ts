import type { Pool } from 'pg'

// What others ask about the runtime. Functions on Vercel must not load the runtime on PostgreSQL, so it stands apart.

/** `elsewhere`: no runtime was started here, since Vercel provides it. */
export type RuntimeState = 'elsewhere' | 'starting' | 'up' | 'stopped'

let state: RuntimeState = 'elsewhere'

/** The state of this process's workflow runtime. */
export const runtimeState = () => state

/** Sets the state of the runtime. */
export const setRuntimeState = (now: RuntimeState) => {
  state = now
}

let pool: Pool | undefined

/** Remembers the pool of the runtime. */
export const setRuntimePool = (opened: Pool): void => {
  pool = opened
}

/** The connections of the runtime's pool by state, and the callers that wait for one; empty where there is no pool. */
export const runtimeConnections = (): Record<string, number> =>
  pool ? { busy: pool.totalCount - pool.idleCount, idle: pool.idleCount, awaited: pool.waitingCount } : {}
