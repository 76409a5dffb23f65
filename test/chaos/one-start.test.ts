import { createWorld } from '@workflow/world-postgres'
import { Pool } from 'pg'
import { beforeAll, expect, it } from 'vitest'
import { own } from '../../scripts/lib/own.ts'
import { createDatabase, type Database } from '../support/database.ts'
import { withDatabase } from '../support/sql.ts'
import { useStack } from '../support/stack.ts'
import { until } from '../support/until.ts'

/** Two processes, each with the runtime's world on one database. */
const stack = useStack()
let database: Database
let worlds: ReturnType<typeof createWorld>[]
beforeAll(async () => {
  database = await own(stack, createDatabase, made => made.drop())
  worlds = [1, 2].map(() => {
    const pool = stack.adopt(new Pool({ connectionString: database.url, max: 3 }), async (opened) => {
      if (!opened.ended) await opened.end()
    })
    return stack.adopt(createWorld({ pool }), world => world.close?.())
  })
})

const waiting = (count: number) => until(() => withDatabase(database.url, async (sql) => {
  const locked = await sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  return locked.length === count
}), { what: () => `${count} starts to wait` })

it('an execution that two processes start at the same moment has one start: by it its steps are named', async () => {
  const { run } = await worlds[0]!.events.create(null, {
    eventType: 'run_created', specVersion: 2,
    eventData: { deploymentId: 'postgres', workflowName: 'workflow//nobody', input: new Uint8Array() },
  })
  const { starting } = await withDatabase(database.url, sql => sql.begin(async (holder) => {
    // Both read that it has not started; neither can write that it has.
    await holder`select 1 from workflow.workflow_runs where id = ${run!.runId} for update`
    const starting = []
    for (const [index, world] of worlds.entries()) {
      starting.push(world.events.create(run!.runId, { eventType: 'run_started', specVersion: 2 }))
      await waiting(index + 1)
    }
    return { starting }
  }))
  const [first, second] = await Promise.all(starting)
  expect(first!.run!.startedAt).toEqual(second!.run!.startedAt)
  expect((await worlds[0]!.runs.get(run!.runId)).startedAt).toEqual(first!.run!.startedAt)
})
