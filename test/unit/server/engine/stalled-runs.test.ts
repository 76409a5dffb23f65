import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { listStalledRuns } from '../../../../server/engine/queries/stalled-runs.ts'
import { newRun, sql, useDatabase } from '../support/database.ts'
import { newWorkflow } from '../support/workflows.ts'

/** Runs in which nothing moves any more, so that the watchdog enqueues them again. */
useDatabase()

const FOR_MS = 8_000
const workflow = newWorkflow({ steps: [{ name: 'FIRST' }, { name: 'SECOND' }, { name: 'LAST', afterWait: true }] })

/** Processes by what has become of them; an unknown one has deregistered. */
const processes = { live: randomUUID(), silent: randomUUID(), reaped: randomUUID(), unknown: randomUUID() }
type Holder = keyof typeof processes

beforeEach(async () => {
  await sql`delete from job_executions`
  await sql`delete from processes`
  await sql`
    insert into processes (id, lock_key, heartbeat_at, reaped_at) values
      (${processes.live}, 1, now() + interval '1 hour', null),
      (${processes.silent}, 2, now() - interval '11 seconds', null),
      (${processes.reaped}, 3, now() + interval '1 hour', now())`
})

interface Item {
  name: string
  status: 'pending' | 'running' | 'completed' | 'failed' | 'skipped'
  /** Seconds since something changed. */
  changed?: number
  /** Seconds until the next attempt is due. */
  due?: number
  holder?: Holder
  /** Seconds until the lease lapses. */
  lease?: number
}

/** A run that an execution has claimed. */
async function runWith(items: Item[], { status = 'running', started = 3_600 } = {}): Promise<string> {
  const { runId } = await newRun({ workflow, items: items.map(({ name }, n) => ({ name, item: `${n}` })) })
  await sql`
    update job_executions set status = ${status}, runtime_run_id = ${`of ${runId}`}, started_at = now() - make_interval(secs => ${started})
    where id = ${runId}`
  for (const [n, { status, changed = 3_600, due, holder, lease }] of items.entries()) await sql`
    update provisioning_steps set status = ${status}, changed_at = now() - make_interval(secs => ${changed}),
      next_attempt_at = now() + make_interval(secs => ${due ?? null}), lease_holder = ${holder ? processes[holder] : null},
      leased_at = now() - interval '1 hour', leased_until = now() + make_interval(secs => ${lease ?? null})
    where run_id = ${runId} and item = ${`${n}`}`
  return runId
}

const isStalled = async (runId: string) => (await listStalledRuns(FOR_MS)).some(stalled => stalled.runId === runId)

describe('a run with an item in progress', () => {
  it('is not stalled while a live process has the item and renews its lease, however long that takes', async () => {
    expect(await isStalled(await runWith([{ name: 'FIRST', status: 'running', holder: 'live', lease: 30, changed: 86_400 }]))).toBe(false)
  })

  it.each<[string, Holder]>([
    ['is silent', 'silent'], ['was reaped', 'reaped'], ['has deregistered', 'unknown'],
  ])('is stalled when the process that has the item %s, though its lease is live', async (_, holder) => {
    expect(await isStalled(await runWith([{ name: 'FIRST', status: 'running', holder, lease: 30 }]))).toBe(true)
  })

  it('is stalled when the lease lapsed some time ago, though its process lives: nobody renews it', async () => {
    expect(await isStalled(await runWith([{ name: 'FIRST', status: 'running', holder: 'live', lease: -9 }]))).toBe(true)
    expect(await isStalled(await runWith([{ name: 'FIRST', status: 'running', holder: 'live', lease: -1 }]))).toBe(false)
  })

  it('is stalled when the lease was given back and nobody took it', async () => {
    expect(await isStalled(await runWith([{ name: 'FIRST', status: 'running', lease: 30 }]))).toBe(true)
  })

  it('is not stalled when another of its items is alive', async () => {
    expect(await isStalled(await runWith([
      { name: 'FIRST', status: 'running', holder: 'reaped', lease: 30 }, { name: 'FIRST', status: 'running', holder: 'live', lease: 30 },
    ]))).toBe(false)
  })
})

describe('a run with no item in progress', () => {
  it('is stalled when nothing has changed for long, and not before', async () => {
    expect(await isStalled(await runWith([{ name: 'FIRST', status: 'pending' }]))).toBe(true)
    expect(await isStalled(await runWith([{ name: 'FIRST', status: 'pending', changed: 7 }]))).toBe(false)
    expect(await isStalled(await runWith([{ name: 'FIRST', status: 'completed' }, { name: 'SECOND', status: 'pending', changed: 7 }])))
      .toBe(false)
    expect(await isStalled(await runWith([{ name: 'FIRST', status: 'pending' }], { started: 7 }))).toBe(false)
  })

  it('is not stalled before its next attempt is due, and is when that is overdue', async () => {
    expect(await isStalled(await runWith([{ name: 'FIRST', status: 'pending', due: 3_600 }]))).toBe(false)
    expect(await isStalled(await runWith([{ name: 'FIRST', status: 'pending', due: -7 }]))).toBe(false)
    expect(await isStalled(await runWith([{ name: 'FIRST', status: 'pending', due: -9 }]))).toBe(true)
  })

  it('is stalled when all of its items are done, and nothing ends it', async () => {
    expect(await isStalled(await runWith([{ name: 'FIRST', status: 'completed' }]))).toBe(true)
  })

  it.each(['pending', 'completed', 'failed', 'cancelled'])('is not stalled while it is %s', async (status) => {
    expect(await isStalled(await runWith([{ name: 'FIRST', status: 'pending' }], { status }))).toBe(false)
  })

  it('is not stalled before an execution has claimed it', async () => {
    const runId = await runWith([{ name: 'FIRST', status: 'pending' }])
    await sql`update job_executions set runtime_run_id = null where id = ${runId}`
    expect(await isStalled(runId)).toBe(false)
  })
})

describe('a run that waits', () => {
  const stalledWaiting = async (items: Item[]) => isStalled(await runWith(items, { status: 'waiting' }))

  it('is not stalled, however long, when only what comes after the wait is left', async () => {
    expect(await stalledWaiting([{ name: 'FIRST', status: 'completed' }, { name: 'LAST', status: 'pending' }])).toBe(false)
    expect(await stalledWaiting([{ name: 'FIRST', status: 'skipped' }, { name: 'LAST', status: 'pending' }])).toBe(false)
  })

  it('is stalled when an item that needs no answer does not go on', async () => {
    expect(await stalledWaiting([{ name: 'FIRST', status: 'pending' }, { name: 'LAST', status: 'pending' }])).toBe(true)
    expect(await stalledWaiting([{ name: 'FIRST', status: 'running', holder: 'reaped', lease: 30 }])).toBe(true)
    expect(await stalledWaiting([{ name: 'FIRST', status: 'running', holder: 'live', lease: 30 }])).toBe(false)
    expect(await stalledWaiting([{ name: 'FIRST', status: 'pending', due: 60 }, { name: 'LAST', status: 'pending' }])).toBe(false)
  })

  it('is not stalled when an item has failed: what comes next depends on the wait', async () => {
    expect(await stalledWaiting([{ name: 'FIRST', status: 'failed' }, { name: 'SECOND', status: 'pending' }])).toBe(false)
  })
})

it('a running run is stalled exactly when its latest sign of life is too old', async () => {
  const seconds = fc.constantFrom(-3_600, -20, -4, 4, 20, 3_600)
  const item: fc.Arbitrary<Item> = fc.record({
    name: fc.constantFrom('FIRST', 'SECOND', 'LAST'),
    status: fc.constantFrom('pending', 'running', 'completed', 'failed', 'skipped'),
    changed: seconds.filter(ago => ago > 0),
    due: seconds,
    holder: fc.constantFrom<Holder>('live', 'silent', 'reaped', 'unknown'),
    lease: seconds,
  }, { requiredKeys: ['name', 'status', 'changed'] })
  const items = fc.array(item, { minLength: 1, maxLength: 3 })
  await fc.assert(fc.asyncProperty(items, fc.constantFrom(4, 20, 3_600), async (items, started) => {
    const signs = items.flatMap(({ status, changed, due, holder, lease }) =>
      [-changed!, due ?? -Infinity, status === 'running' && holder === 'live' ? lease ?? -Infinity : -Infinity])
    expect(await isStalled(await runWith(items, { started }))).toBe(Math.max(-started, ...signs) < -FOR_MS / 1000)
  }), { numRuns: 120 })
})
