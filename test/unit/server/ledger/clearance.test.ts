import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RunRef } from '../../../../server/ledger/index.ts'
import { clearCall } from '../../../../server/ledger/leases.ts'
import { newRun, sql, useDatabase } from '../support/database.ts'
import { newProcess, type OtherProcess, type ProcessModules } from '../support/processes.ts'
import { repoOf } from '../support/resources.ts'
import { newWorkflow } from '../support/workflows.ts'

/** Before each outside call every lease of the work is checked, and asked of the database unless it was asked just now. */
useDatabase()
afterEach(() => vi.restoreAllMocks())

let first: OtherProcess
let second: OtherProcess
beforeEach(async () => {
  first = await newProcess()
  second = await newProcess()
})

const newItem = (leaseMs?: number) => newRun({
  workflow: newWorkflow({ steps: [{ name: 'WORK', leaseMs }] }), items: [{ name: 'WORK', item: 'main' }],
})
const make = (process: OtherProcess, run: RunRef, work: (modules: ProcessModules) => Promise<unknown>) =>
  process.run(modules => modules.attempt(run, 'WORK', 'main', () => work(modules)))
const call = ({ instrumented }: ProcessModules, made: (signal: AbortSignal) => void) =>
  instrumented({ service: 'GITHUB', action: 'GITHUB_CALL', target: 'GET /' }, () => 200, async signal => made(signal))

/** The process does not run for that time; its leases still last by its own clock. */
function freeze(ms: number): void {
  const now = performance.now.bind(performance)
  vi.spyOn(performance, 'now').mockImplementation(() => now() + ms)
}
const takeAway = (table: 'item' | 'resource', { runId }: RunRef) => table === 'item'
  ? sql`update provisioning_steps set fence = fence + 1, lease_holder = ${second.id} where run_id = ${runId}`
  : sql`update external_resources set fence = fence + 1, lease_holder = ${second.id} where run_id = ${runId}`

describe('an outside call', () => {
  it.each(['item', 'resource'] as const)('is not made after a freeze in which the lease of the %s was lost', async (table) => {
    const run = await newItem()
    const made = vi.fn()
    const outcome = await make(first, run, modules => modules.ensure(repoOf(run, 'main'), {
      look: 'after-interruption',
      find: () => Promise.resolve(null),
      create: async () => {
        await takeAway(table, run)
        freeze(5_000)
        await call(modules, made)
        return { id: '1', url: 'https://example.org/1' }
      },
    }))
    expect(outcome.state).toBe('later')
    expect(made).not.toHaveBeenCalled()
    const [row] = await sql`
      select made_at, error from external_resources r join provisioning_steps s on s.run_id = r.run_id where r.run_id = ${run.runId}`
    expect(row).toMatchObject({ made_at: null, error: null })
  })

  it('is made after a freeze when the database confirms the leases, and they begin again', async () => {
    const run = await newItem()
    const made = vi.fn()
    const outcome = await make(first, run, async (modules) => {
      await sql`update provisioning_steps set leased_at = now() - interval '5 seconds', leased_until = now() + interval '10 seconds'
        where run_id = ${run.runId}`
      freeze(5_000)
      await call(modules, made)
      return (await sql`select leased_at > now() - interval '2 seconds' as "isNew", leased_until > now() + interval '50 seconds' as "isLong"
        from provisioning_steps where run_id = ${run.runId}`)[0]
    })
    expect(outcome).toMatchObject({ state: 'done', value: { isNew: true, isLong: true } })
    expect(made).toHaveBeenCalledOnce()
  })

  it('costs no question while the lease is new', async () => {
    const run = await newItem()
    await make(first, run, async (modules) => {
      await takeAway('item', run)
      await call(modules, vi.fn())
      return null
    })
    const [row] = await sql`select count(*)::int as calls from audit_log where run_id = ${run.runId}`
    expect(row).toEqual({ calls: 1 })
  })

  it('ends before the lease does', async () => {
    const run = await newItem(900)
    let ended: boolean | undefined
    await make(first, run, modules => call(modules, (signal) => {
      ended = signal.aborted
      return sleep(1_000).then(() => ended = signal.aborted)
    }))
    expect(ended).toBe(true)
  })

  it('is not made when each answer of the database is stale when it arrives', async () => {
    const run = await newItem()
    const made = vi.fn()
    const now = performance.now.bind(performance)
    let late = 3_000
    const outcome = await make(first, run, (modules) => {
      // Each look at the clock is another freeze.
      vi.spyOn(performance, 'now').mockImplementation(() => now() + (late += 2_500))
      return call(modules, made)
    })
    vi.restoreAllMocks()
    expect(outcome.state).toBe('later')
    expect(made).not.toHaveBeenCalled()
  })
})

it('an attempt whose call had no answer because of a freeze does not count', async () => {
  const run = await newItem()
  const unanswered = ({ ProviderError }: ProcessModules) =>
    new ProviderError({ code: 'PROVIDER_UNAVAILABLE', message: 'm', why: 'w', fix: 'f', retryable: true })
  const outcome = await make(first, run, (modules) => {
    freeze(5_000)
    return Promise.reject(unanswered(modules))
  })
  vi.restoreAllMocks()
  expect(outcome.state).toBe('later')
  const [row] = await sql`select status, attempts, error from provisioning_steps where run_id = ${run.runId}`
  expect(row, 'the same attempt continues').toMatchObject({ status: 'running', attempts: 1, error: null })
})

it('work without a lease is allowed, within the timeout of every call', async () => {
  expect(await clearCall()).toMatchObject({ withinMs: 15_000 })
})
