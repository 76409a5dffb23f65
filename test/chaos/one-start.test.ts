import { createWorld } from '@workflow/world-postgres'
import { Pool } from 'pg'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { createDatabase } from '../support/database.ts'
import { withDatabase } from '../support/sql.ts'
import { until } from '../support/until.ts'

/** Two processes, each with the runtime's world on one database. */
let database: Awaited<ReturnType<typeof createDatabase>>
let pools: Pool[]
let worlds: ReturnType<typeof createWorld>[]
beforeAll(async () => {
  database = await createDatabase(inject('postgresUrl'))
  pools = [1, 2].map(() => new Pool({ connectionString: database.url, max: 3 }))
  worlds = pools.map(pool => createWorld({ pool }))
})
afterAll(async () => {
  await Promise.all(worlds.map(world => world.close?.()))
  await Promise.all(pools.map(pool => pool.ended || pool.end()))
  await database.drop()
})

const waiting = (count: number) => until(() => withDatabase(database.url, async sql =>
  (await sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`).length === count), { what: () => `${count} starts to wait` })

it('an execution that two processes start at the same moment has one start: by it its steps are named', async () => {
  const { run } = await worlds[0]!.events.create(null, { eventType: 'run_created', specVersion: 2, eventData: { deploymentId: 'postgres', workflowName: 'workflow//nobody', input: new Uint8Array() } })
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
