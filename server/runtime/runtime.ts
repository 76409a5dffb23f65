import { createWorld } from '@workflow/world-postgres'
import { Pool } from 'pg'
import { getWorld, setWorld } from 'workflow/runtime'
import { queueConcurrency, runtimeDatabaseUrl } from '../lib/env'
import { log } from '../lib/log'
import { showAlive } from '../db/queries/processes'
import { thisProcess } from '../ledger/process'
import { showRuntime } from './state'

const AGAIN_MS = 1_000

/**
 * Starts the workflow runtime on PostgreSQL; from then on it also takes up what an earlier
 * process left behind. Tries until the database is there.
 */
export async function startRuntime(): Promise<void> {
  showRuntime('starting')
  const concurrency = queueConcurrency()
  const pool = new Pool({ connectionString: runtimeDatabaseUrl(), max: concurrency + 2 })
  // Without a listener a lost idle connection would end the process; the pool opens a new one by itself.
  pool.on('error', error => log.warn({ error: error.message }, 'The runtime lost a database connection.'))
  setWorld(createWorld({ pool, queueConcurrency: concurrency }))
  for (;;) {
    try {
      // Before the first lease is taken: only of a process that is written down can others see that it died.
      await showAlive(thisProcess())
      await getWorld().start?.()
      showRuntime('up')
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
  showRuntime('stopped')
  try {
    await getWorld().close?.()
  }
  catch (error) {
    // The job queue hears the signal, too, and may have stopped by itself.
    log.debug({ error }, 'The runtime had stopped already.')
  }
}
