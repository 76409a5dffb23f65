import { createWorld } from '@workflow/world-postgres'
import { getWorld, setWorld } from 'workflow/runtime'
import { queueConcurrency } from '../lib/env'
import { log } from '../lib/log'
import { registerWorker, beat } from './queries/processes'
import { thisProcess } from '../lib/process'
import { ResilientPool } from './resilient-pool'
import { runtimeState, showRuntime } from './runtime-state'

let pool: ResilientPool | undefined

const AGAIN_MS = 1_000

/**
 * Starts the workflow runtime on PostgreSQL; from then on it also takes up what an earlier
 * process left behind. Tries until the database is there or the process ends.
 */
export async function startRuntime(): Promise<void> {
  showRuntime('starting')
  const concurrency = queueConcurrency()
  const { id } = thisProcess()
  pool = new ResilientPool(concurrency + 2, worker => registerWorker({ id, worker }).then(() => undefined))
  setWorld(createWorld({ pool, queueConcurrency: concurrency }))
  while (runtimeState() === 'starting') {
    try {
      // Before the first lease is taken: only of a process that is written down can others see that it died.
      await beat(thisProcess())
      await getWorld().start?.()
      if (runtimeState() === 'starting') showRuntime('up')
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
  pool?.giveUp()
  try {
    await getWorld().close?.()
  }
  catch (error) {
    // The job queue hears the signal, too, and may have stopped by itself.
    log.debug({ error }, 'The runtime had stopped already.')
  }
}
