import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { driver } from '../../../../server/db/client.ts'
import { isTransient } from '../../../../server/db/errors.ts'
import { sendHeartbeat } from '../../../../server/engine/queries/processes.ts'
import { type AttemptContext, type Outcome, type RunRef, valueOf } from '../../../../server/ledger/index.ts'
import type { ProviderErrorCode } from '../../../../server/lib/errors.ts'
import { until } from '../../../support/until.ts'
import { newRun, sql, useDatabase } from '../support/database.ts'
import { newProcess, type OtherProcess, type ProcessModules } from '../support/processes.ts'
import { newWorkflow } from '../support/workflows.ts'

/** An item has one owner: the process that holds its lease. The outcome of an earlier owner is void. */
useDatabase()

let first: OtherProcess
let second: OtherProcess
beforeEach(async () => {
  first = await newProcess()
  second = await newProcess()
})

type Ending = (modules: ProcessModules) => Promise<unknown>
type Work = (context: AttemptContext, modules: ProcessModules) => Promise<unknown>

const make = (process: OtherProcess, run: RunRef, work: Work) => process.run(modules =>
  modules.attempt(run, 'WORK', 'main', context => work(context, modules)))
const newItem = (step: { leaseMs?: number, timeoutMs?: number } = {}) => newRun({
  workflow: newWorkflow({ steps: [{ name: 'WORK', ...step }] }), items: [{ name: 'WORK', item: 'main' }],
})
const row = async ({ runId }: RunRef) => (await sql`select * from provisioning_steps where run_id = ${runId}`)[0]!
/** Time passes: the lease of the owner lapses, and so does its due time. */
const lapse = ({ runId }: RunRef) => sql`
  update provisioning_steps set leased_until = now() - interval '1 second', next_attempt_at = null where run_id = ${runId}`
/** Makes an outside call. */
const call = ({ instrumented }: ProcessModules, made: () => void) =>
  instrumented({ service: 'GITHUB', action: 'GITHUB_CALL', target: 'GET /' }, () => 200, async () => made())

/** An attempt that ends when it is told to. */
async function begin(process: OtherProcess, run: RunRef) {
  const work = Promise.withResolvers<unknown>()
  const begun = Promise.withResolvers<AttemptContext>()
  const outcome = make(process, run, (context) => {
    begun.resolve(context)
    return work.promise
  })
  const { signal } = await begun.promise
  return { outcome, signal, end: (how: Ending) => work.resolve(process.run(how)) }
}

const failure = (code: ProviderErrorCode, retryable: boolean): Ending => ({ ProviderError }) =>
  Promise.reject(new ProviderError({ code, message: 'm', why: 'w', fix: 'f', retryable, retryAfter: 1_000 }))
const endings: [string, Ending][] = [
  ['succeeds', () => Promise.resolve('of the first')],
  ['fails for good', failure('PROVIDER_FORBIDDEN', false)],
  ['fails for a while', failure('PROVIDER_UNAVAILABLE', true)],
  ['is skipped', failure('FEATURE_UNAVAILABLE', false)],
  ['is rate limited', failure('RATE_LIMITED', true)],
  ['waits for a person', failure('AWAITS_PERSON', true)],
  ['finds its resource busy', failure('RESOURCE_BUSY', true)],
  ['ends with its cancelled run', failure('RUN_CANCELLED', false)],
]

describe('an item whose lease is live', () => {
  it.each([['the same process', () => first], ['another process', () => second]])('is left alone by %s', async (_, which) => {
    const run = await newItem()
    const own = await begin(first, run)
    const before = await row(run)
    const work = vi.fn()
    const outcome = await make(which(), run, work)
    expect(outcome).toEqual({ state: 'later', at: expect.any(Number) })
    expect((outcome as { at: number }).at).toBeGreaterThan(performance.now())
    expect(work).not.toHaveBeenCalled()
    expect(await row(run)).toEqual(before)
    own.end(() => Promise.resolve('of the first'))
    expect(await own.outcome).toEqual({ state: 'done', value: 'of the first' })
    expect(valueOf(await make(which(), run, work))).toBe('of the first')
    expect(await row(run)).toMatchObject({ status: 'completed', attempts: 1, result: 'of the first', lease_holder: null })
  })

  it('is begun by one of many processes that ask at the same time', async () => {
    const run = await newItem()
    const others = await Promise.all(Array.from({ length: 6 }, newProcess))
    const work = vi.fn(async () => {
      await sleep(100)
      return 'made'
    })
    const outcomes = await Promise.all(others.map(other => make(other, run, work)))
    expect(work).toHaveBeenCalledOnce()
    expect(outcomes.map(({ state }) => state).sort()).toEqual(['done', ...Array<string>(5).fill('later')])
  })
})

describe('an item whose lease has lapsed', () => {
  it.each(endings)('has a new owner, and changes nothing when the attempt of the frozen one %s', async (_, ending) => {
    const run = await newItem()
    await sql`update job_executions set status = 'running' where id = ${run.runId}`
    const frozen = await begin(first, run)
    await lapse(run)
    const next = await begin(second, run)
    const owned = await row(run)
    expect(owned).toMatchObject({ status: 'running', attempts: 1, lease_holder: second.id })
    frozen.end(ending)
    expect((await frozen.outcome).state, 'the frozen owner learns that another one decides').toBe('later')
    await first.run(({ keepLeases }) => keepLeases())
    expect(await row(run)).toEqual(owned)
    expect(await sql`select from run_waits where run_id = ${run.runId}`).toHaveLength(0)
    expect((await sql`select status from job_executions where id = ${run.runId}`)[0]).toEqual({ status: 'running' })
    next.end(() => Promise.resolve('of the second'))
    expect(await next.outcome).toEqual({ state: 'done', value: 'of the second' })
    expect(await row(run)).toMatchObject({ status: 'completed', attempts: 1, result: 'of the second' })
  })

  it.each(endings)('keeps the outcome of the new owner when the attempt of the frozen one %s after it', async (_, ending) => {
    const run = await newItem()
    const frozen = await begin(first, run)
    await lapse(run)
    await make(second, run, () => Promise.resolve('of the second'))
    const done = await row(run)
    frozen.end(ending)
    expect((await frozen.outcome).state).toBe('later')
    await first.run(({ keepLeases }) => keepLeases())
    expect(await row(run)).toEqual(done)
    expect(valueOf(await make(first, run, vi.fn()))).toBe('of the second')
  })

  it('has its signal aborted by the next heartbeat, and the frozen owner makes no more outside calls', async () => {
    const run = await newItem()
    const made = vi.fn()
    const calls = Promise.withResolvers<undefined>()
    const outcome = make(first, run, async ({ signal }, modules) => {
      await call(modules, made)
      await calls.promise
      expect(signal.aborted).toBe(true)
      return call(modules, made)
    })
    await until(() => made.mock.calls.length === 1)
    await lapse(run)
    await begin(second, run)
    // A lease is renewed only when a third of it is over.
    const now = performance.now.bind(performance)
    vi.spyOn(performance, 'now').mockImplementation(() => now() + 25_000)
    await first.run(({ keepLeases }) => keepLeases())
    vi.restoreAllMocks()
    calls.resolve(undefined)
    expect((await outcome).state).toBe('later')
    expect(made).toHaveBeenCalledOnce()
    expect(await row(run)).toMatchObject({ status: 'running', lease_holder: second.id })
  })

  it('lets its owner make no outside call, even before a heartbeat says so', async () => {
    const run = await newItem({ leaseMs: 300 })
    const made = vi.fn()
    const outcome = await make(first, run, async (_, modules) => {
      await call(modules, made)
      // As a process does that was stopped, or whose database is away.
      await sleep(400)
      return call(modules, made)
    })
    expect(outcome.state).toBe('later')
    expect(made).toHaveBeenCalledOnce()
    expect(await row(run)).toMatchObject({ status: 'running', attempts: 1, error: null })
  })
})

describe('a lease', () => {
  it('is renewed by the heartbeat for as long as an attempt takes', async () => {
    const run = await newItem({ leaseMs: 600 })
    const own = await begin(first, run)
    const stolen = vi.fn()
    const end = performance.now() + 2_500
    while (performance.now() < end) {
      await first.run(({ keepLeases }) => keepLeases())
      expect((await make(second, run, stolen)).state).toBe('later')
      await sleep(100)
    }
    expect(own.signal.aborted).toBe(false)
    own.end(() => Promise.resolve('made'))
    expect(await own.outcome).toEqual({ state: 'done', value: 'made' })
    expect(stolen).not.toHaveBeenCalled()
  })

  it('lapses when no heartbeat renews it', async () => {
    const run = await newItem({ leaseMs: 600 })
    const own = await begin(first, run)
    await until(async () => (await make(second, run, () => Promise.resolve('of the second'))).state === 'done')
    own.end(() => Promise.resolve('of the first'))
    expect((await own.outcome).state).toBe('later')
    expect(await row(run)).toMatchObject({ status: 'completed', result: 'of the second', attempts: 1 })
  })

  it.each<[string, Ending]>([
    ['its resource was busy', failure('RESOURCE_BUSY', true)],
    ['the database was away', () => driver()`select pg_terminate_backend(pg_backend_pid())`],
  ])('that nothing works under any more, because %s, is given back by the next heartbeat', async (_, ending) => {
    const run = await newItem()
    await make(first, run, (_, modules) => ending(modules)).catch(() => undefined)
    const work = vi.fn(() => Promise.resolve('of the second'))
    expect((await make(second, run, work)).state).toBe('later')
    expect(work).not.toHaveBeenCalled()
    await first.run(({ keepLeases }) => keepLeases())
    expect(valueOf(await make(second, run, work))).toBe('of the second')
    expect(await row(run)).toMatchObject({ status: 'completed', attempts: 1 })
  })

  it('is given back, too, when the outcome of the attempt could not be recorded', async () => {
    const run = await newItem()
    const own = await begin(first, run)
    const isBlocked = () => sql`
      select pid from pg_stat_activity where wait_event_type = 'Lock' and query like '%provisioning_steps%'`
    await driver().begin(async (tx) => {
      await tx`select from provisioning_steps where run_id = ${run.runId} for update`
      own.end(failure('PROVIDER_UNAVAILABLE', true))
      const { pid } = await until(async () => (await isBlocked())[0])
      await sql`select pg_terminate_backend(${pid as number})`
      await expect(own.outcome).rejects.toSatisfy(isTransient)
    })
    expect((await make(second, run, vi.fn())).state).toBe('later')
    await first.run(({ keepLeases }) => keepLeases())
    expect(await make(second, run, () => Promise.resolve('of the second'))).toEqual({ state: 'done', value: 'of the second' })
    expect(await row(run)).toMatchObject({ attempts: 1 })
  })

  it('that was orphaned is not given back once its process has begun the item again', async () => {
    const run = await newItem()
    await make(first, run, (_, modules) => failure('RESOURCE_BUSY', true)(modules))
    const own = await begin(first, run)
    await first.run(({ keepLeases }) => keepLeases())
    expect(await row(run)).toMatchObject({ lease_holder: first.id })
    own.end(() => Promise.resolve('made'))
    expect((await own.outcome).state).toBe('done')
  })
})

describe('an item of a process that died', () => {
  /** The process sends heartbeats until it is told to die; its session ends with it. */
  async function live(process: OtherProcess): Promise<() => Promise<void>> {
    const session = await driver().reserve()
    await session`select pg_advisory_lock(4177, ${process.lockKey}::int)`
    await sql`insert into processes (id, lock_key) values (${process.id}, ${process.lockKey})`
    const timer = setInterval(() => void sql`update processes set heartbeat_at = now() where id = ${process.id}`.catch(() => {}), 500)
    return async () => {
      clearInterval(timer)
      await session`select pg_advisory_unlock(4177, ${process.lockKey}::int)`
      session.release()
    }
  }

  it('is taken over within seconds, and not while its process lives', async () => {
    const run = await newItem()
    const die = await live(first)
    await sql`insert into processes (id, lock_key) values (${second.id}, ${second.lockKey})`
    const heartbeat = setInterval(() => void sendHeartbeat(second).catch(() => {}), 500)
    try {
      const own = await begin(first, run)
      await sql`update processes set healthy_since = '-infinity'`
      // Longer than it takes to notice a death.
      for (const end = performance.now() + 5_000; performance.now() < end; await sleep(250))
        expect((await make(second, run, () => Promise.resolve('of the second'))).state).toBe('later')
      await die()
      const diedAt = performance.now()
      await until(async () => (await make(second, run, () => Promise.resolve('of the second'))).state === 'done', { patience: 15_000 })
      expect(performance.now() - diedAt).toBeLessThan(8_000)
      own.end(() => Promise.resolve('of the first'))
      expect((await own.outcome).state).toBe('later')
      expect(await row(run)).toMatchObject({ status: 'completed', result: 'of the second', attempts: 1 })
    }
    finally {
      clearInterval(heartbeat)
    }
  })
})

describe('an attempt that takes longer than its step may', () => {
  it('fails with the reason, is counted, and is made again', async () => {
    const run = await newItem({ timeoutMs: 50 })
    let signal: AbortSignal | undefined
    const outcome: Outcome<unknown> = await make(first, run, (context) => {
      signal = context.signal
      return new Promise(() => {})
    })
    expect(outcome.state).toBe('later')
    expect(signal!.aborted).toBe(true)
    expect(await row(run)).toMatchObject({ status: 'pending', attempts: 1, error: { code: 'STEP_TIMEOUT' }, lease_holder: null })
    await lapse(run)
    expect(await make(second, run, () => Promise.resolve('made'))).toEqual({ state: 'done', value: 'made' })
    expect(await row(run)).toMatchObject({ status: 'completed', attempts: 2 })
  })

  it('makes no outside call after its time, and its late end changes nothing', async () => {
    const run = await newItem({ timeoutMs: 50 })
    const made = vi.fn()
    const late = Promise.withResolvers<unknown>()
    const ended = Promise.withResolvers<unknown>()
    await make(first, run, async (_, modules) => {
      await call(modules, made)
      await late.promise
      await call(modules, made).catch(ended.resolve)
      return 'late'
    })
    const before = await row(run)
    late.resolve(undefined)
    expect(await ended.promise).toMatchObject({ code: 'LEASE_LOST' })
    await sleep(50)
    expect(made).toHaveBeenCalledOnce()
    expect(await row(run)).toEqual(before)
  })

  it('fails for good after as many attempts as any other', async () => {
    const run = await newItem({ timeoutMs: 20 })
    for (let n = 1; n < 5; n++) {
      expect((await make(first, run, () => new Promise(() => {}))).state).toBe('later')
      await lapse(run)
    }
    expect(await make(first, run, () => new Promise(() => {}))).toEqual({ state: 'failed' })
    expect(await row(run)).toMatchObject({ status: 'failed', attempts: 5, error: { code: 'STEP_TIMEOUT' } })
  })
})
