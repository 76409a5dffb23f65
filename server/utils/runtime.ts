import { createWorld } from '@workflow/world-postgres'
import { Pool } from 'pg'
import { getWorld, setWorld } from 'workflow/runtime'
import { databaseUrl, queueConcurrency } from '../lib/env'
import { log } from '../lib/log'

let state: 'starting' | 'up' | 'stopped' = 'starting'

/** Whether the runtime takes work. */
export const isRuntimeUp = () => state === 'up'

const AGAIN_MS = 1_000

/**
 * Starts the workflow runtime on PostgreSQL; from then on it also takes up what an earlier
 * process left behind. Tries until the database is there.
 */
export async function startRuntime(): Promise<void> {
  const concurrency = queueConcurrency()
  const pool = new Pool({ connectionString: databaseUrl(), max: Math.min(concurrency + 2, 24) })
  // Without a listener a lost idle connection would end the process; the pool opens a new one by itself.
  pool.on('error', error => log.warn({ error: error.message }, 'The runtime lost a database connection.'))
  setWorld(createWorld({ pool, queueConcurrency: concurrency }))
  for (;;) {
    try {
      await getWorld().start?.()
      state = 'up'
      return
    }
    catch (error) {
      log.warn({ error }, 'The runtime could not start; it tries again.')
      await new Promise(resolve => setTimeout(resolve, AGAIN_MS))
    }
  }
}

/** Takes no more work, and waits for the steps that are under way. */
export async function stopRuntime(): Promise<void> {
  state = 'stopped'
  await getWorld().close?.()
}
