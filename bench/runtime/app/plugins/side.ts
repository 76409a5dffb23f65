import { createWorld } from '@workflow/world-postgres'
import { defineNitroPlugin } from 'nitropack/runtime'
import { Pool } from 'pg'
import { getWorld, setWorld } from 'workflow/runtime'
import { databaseUrl, queueConcurrency } from '../../../../server/lib/env'
import atelier from '../../../../server/plugins/runtime'

/** The runtime as its documentation starts it, or as Atelier does: with its watchdog, its door and its shutdown. */
export default defineNitroPlugin((nitro) => {
  if (process.env.BENCH_SIDE !== 'stock') return atelier(nitro)
  const concurrency = queueConcurrency()
  setWorld(createWorld({ pool: new Pool({ connectionString: databaseUrl(), max: concurrency + 2 }), queueConcurrency: concurrency }))
  void getWorld().start?.()
})
