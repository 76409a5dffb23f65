import { createWorld } from '@workflow/world-postgres'
import { defineNitroPlugin } from 'nitropack/runtime'
import { Pool } from 'pg'
import { getWorld, setWorld } from 'workflow/runtime'
import { databaseUrl, queueConcurrency } from '../../../../server/lib/env'
import startAtelierRuntime from '../../../../server/plugins/runtime'

/**
 * Starts the runtime. Baseline: as its documentation does. Atelier: with the watchdog, the runtime authentication and
 * the drain.
 */
export default defineNitroPlugin((nitro) => {
  if (process.env.BENCH_VARIANT !== 'baseline') return startAtelierRuntime(nitro)
  const concurrency = queueConcurrency()
  const pool = new Pool({ connectionString: databaseUrl(), max: concurrency + 2 })
  setWorld(createWorld({ pool, queueConcurrency: concurrency }))
  void getWorld().start?.()
})
