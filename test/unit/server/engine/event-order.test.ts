import { createWorld } from '@workflow/world-postgres'
import { decodeTime, ulid } from 'ulid'
import { Pool } from 'pg'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { withTolerantStart } from '../../../../server/engine/runtime/tolerant-start.ts'
import { sql, useDatabase } from '../support/database.ts'
import { useStack } from '../../../support/stack.ts'

type World = ReturnType<typeof createWorld>

const HOUR = 3_600_000

useDatabase()
const stack = useStack()
let worlds: World[]
beforeAll(() => {
  worlds = [1, 2].map(() => {
    const pool = stack.adopt(new Pool({ connectionString: process.env.DATABASE_URL, max: 4 }), pool => pool.end())
    return stack.adopt(createWorld({ pool }), world => world.close!())
  })
})

const realNow = Date.now.bind(Date)

/** Writes an event as a process would whose clock is ahead by so many ms. */
function write(world: World, runId: string, event: Record<string, unknown>, aheadMs: number): Promise<unknown> {
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => realNow() + aheadMs)
  const written = world.events.create(runId, { specVersion: 2, ...event } as never)
  return written.finally(() => clock.mockRestore())
}

async function newRun(world: World): Promise<string> {
  const runId = `wrun_${ulid()}`
  await write(world, runId, { eventType: 'run_created', eventData: { deploymentId: 'postgres', workflowName: 'w', input: [] } }, 0)
  return runId
}

const newStep = (runId: string, n: number) => ({
  created: { eventType: 'step_created', correlationId: `step_${runId}_${n}`, eventData: { stepName: 's', input: [] } },
  started: { eventType: 'step_started', correlationId: `step_${runId}_${n}`, eventData: { stepName: 's' } },
  completed: { eventType: 'step_completed', correlationId: `step_${runId}_${n}`, eventData: { stepName: 's', result: [] } },
})

const listEvents = async (runId: string) => (await worlds[0]!.events.list({ runId, pagination: { limit: 1_000 } })).data
const listNames = async (runId: string) =>
  (await listEvents(runId)).map(({ eventType, correlationId }) => `${eventType} ${correlationId ?? ''}`.trim())

describe('events of one run', () => {
  for (const aheadMs of [10_000, 2 * HOUR]) {
    it(`keep the order in which they were written by processes ${2 * aheadMs / 1_000} s apart`, async () => {
      const [ahead, behind] = worlds as [World, World]
      const runId = await newRun(ahead)
      const written = ['run_created']
      for (let n = 0; n < 5; n++) {
        const { created, started, completed } = newStep(runId, n)
        await write(ahead, runId, created, aheadMs)
        await write(behind, runId, started, -aheadMs)
        await write(ahead, runId, completed, aheadMs)
        written.push(...[created, started, completed].map(({ eventType, correlationId }) => `${eventType} ${correlationId}`))
      }
      expect(await listNames(runId)).toEqual(written)
    })
  }

  it('appear in the order of their ids, also to a reader between two concurrent writers', async () => {
    const runId = await newRun(worlds[0]!)
    let isWriting = true
    const writers = worlds.map(async (world, w) => {
      for (let n = 0; n < 40; n++) await world.events.create(runId, { specVersion: 2, ...newStep(runId, w * 100 + n).created } as never)
    })
    const reader = (async () => {
      const seen: string[] = []
      for (let cursor: string | undefined; isWriting;) {
        const page = await worlds[1]!.events.list({ runId, pagination: { cursor } })
        seen.push(...page.data.map(({ eventId }) => eventId))
        cursor = page.cursor ?? cursor
      }
      return seen
    })()
    await Promise.all(writers)
    isWriting = false
    const seen = await reader
    const all = (await listEvents(runId)).map(({ eventId }) => eventId)
    expect(all).toHaveLength(81)
    expect(seen).toEqual(all.slice(0, seen.length))
  })

  it('of a step end with its end, though another process that executes it, too, is late', async () => {
    const [first, second] = worlds as [World, World]
    const runId = await newRun(first)
    const { created, started, completed } = newStep(runId, 1)
    for (const event of [created, started, completed]) await write(first, runId, event, 0)
    const before = await listEvents(runId)
    const late = [['step_retrying', { error: 'It is due later.' }], ['step_completed', { result: [] }], ['step_started', {}]] as const
    for (const [eventType, more] of late) {
      // What the late one saw: it changes the row of the step first.
      await sql`update workflow.workflow_steps set status = 'running' where run_id = ${runId}`
      const late = write(second, runId, { ...completed, eventType, eventData: { stepName: 's', ...more } }, 0)
      await expect(late).rejects.toMatchObject({ name: 'EntityConflictError' })
    }
    expect(await listEvents(runId)).toEqual(before)
  })

  it('follow an event from the future', async () => {
    const runId = await newRun(worlds[0]!)
    const future = `wevt_${ulid(realNow() + 2 * HOUR)}`
    await write(worlds[0]!, runId, newStep(runId, 0).created, 0)
    await sql`update workflow.workflow_events set id = ${future} where run_id = ${runId} and type = 'step_created'`
    await write(worlds[1]!, runId, newStep(runId, 1).created, 0)
    const [, between, last] = await listEvents(runId)
    expect(between!.eventId).toBe(future)
    expect(decodeTime(last!.eventId.slice(5))).toBe(decodeTime(future.slice(5)) + 1)
  })

  it('have ids of the database\'s clock', async () => {
    const runId = await newRun(worlds[0]!)
    await write(worlds[0]!, runId, newStep(runId, 1).created, 2 * HOUR)
    const [{ now }] = await sql`select extract(epoch from clock_timestamp())::float8 * 1000 as now` as unknown as [{ now: number }]
    for (const { eventId } of await listEvents(runId)) {
      expect(eventId).toMatch(/^wevt_[0-9A-HJKMNP-TV-Z]{26}$/)
      expect(Math.abs(decodeTime(eventId.slice(5)) - now)).toBeLessThan(30_000)
    }
  })
})

it('an execution whose id is of the future, as the database\'s clock was set back, is created with its first message', async () => {
  const world = withTolerantStart({ ...worlds[0]!, events: { ...worlds[0]!.events } })
  const runId = `wrun_${ulid(realNow() + 2 * HOUR)}`
  const eventData = { deploymentId: 'postgres', workflowName: 'w', input: [] }
  // To the runtime this is a failure of the moment, as its message carries all that a run needs.
  await expect(write(world, runId, { eventType: 'run_created', eventData }, 0))
    .rejects.toMatchObject({ name: 'WorkflowWorldError', status: 503 })
  await write(world, runId, { eventType: 'run_started', eventData }, 0)
  expect(await listNames(runId)).toEqual(['run_created', 'run_started'])
})
