import { createWorld } from '@workflow/world-postgres'
import { getWorld, setWorld } from 'workflow/runtime'
import { queueConcurrency } from '../../lib/env'
import { log } from '../../lib/log'
import { registerWorker, sendHeartbeat } from '../queries/processes'
import { thisProcess } from '../../lib/process'
import { followDatabaseClock } from './process-clock'
import { ResilientPool } from './resilient-pool'
import { runtimeState, setRuntimePool, setRuntimeState } from './state'
import { withTolerantStart } from './tolerant-start'

let pool: ResilientPool | undefined

const RETRY_MS = 1_000

/**
 * Starts the workflow runtime on PostgreSQL; it also continues unfinished work of earlier processes.
 * Tries until the database answers or the process ends.
 */
export async function startRuntime(): Promise<void> {
  setRuntimeState('starting')
  followDatabaseClock()
  const concurrency = queueConcurrency()
  const { id } = thisProcess()
  pool = new ResilientPool(concurrency + 2, worker => registerWorker({ id, worker }).then(() => undefined))
  setRuntimePool(pool)
  setWorld(withTolerantStart(createWorld({ pool, queueConcurrency: concurrency })))
  while (runtimeState() === 'starting') {
    try {
      // Before the first lease: other processes notice only the death of a registered process.
      await sendHeartbeat(thisProcess())
      await getWorld().start?.()
      if (runtimeState() === 'starting') setRuntimeState('up')
    }
    catch (error) {
      log.warn({ error }, 'The runtime could not start. It tries again.')
      await new Promise(resolve => setTimeout(resolve, RETRY_MS))
    }
  }
}

/** Accepts no more work, and waits for the running steps. */
export async function stopRuntime(): Promise<void> {
  setRuntimeState('stopped')
  pool?.stopRetrying()
  try {
    await getWorld().close?.()
  }
  catch (error) {
    // The job queue handles the signal, too, and may have stopped by itself.
    log.debug({ error }, 'The runtime had stopped already.')
  }
}
