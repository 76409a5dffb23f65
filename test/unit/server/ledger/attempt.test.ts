import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { driver } from '../../../../server/db/client.ts'
import { attempt, type Outcome, retryWhenDue, type RunRef, valueOf, waitBefore } from '../../../../server/ledger/index.ts'
import { instrumented } from '../../../../server/lib/instrumentation.ts'
import { ProviderError, type ProviderErrorCode } from '../../../../server/lib/errors.ts'
import { newRun, sql, useDatabase } from '../support/database.ts'

useDatabase()

const retry = { attempts: 5, baseMs: 5_000, factor: 2 }
const STEP = 'CREATE_GITHUB_REPO'
const row = async ({ runId }: RunRef) => (await sql`select * from provisioning_steps where run_id = ${runId}`)[0]!
const fail = (code: ProviderErrorCode, retryable: boolean, retryAfter?: number) => () =>
  Promise.reject(new ProviderError({ code, message: 'It is broken.', why: 'w', fix: 'f', retryable, retryAfter }))
const make = (run: RunRef, work: () => Promise<unknown>) => attempt(run, STEP, 'main', work)
/** Makes the next attempt due now. */
const due = ({ runId }: RunRef) => sql`update provisioning_steps set next_attempt_at = now() where run_id = ${runId}`
const dueIn = (outcome: Outcome<unknown>) => outcome.state === 'later' ? outcome.at - performance.now() : Number.NaN

beforeEach(() => vi.stubEnv('RETRY_BASE_MS', ''))
afterEach(() => vi.unstubAllEnvs())

describe('an attempt', () => {
  it('that succeeds is kept with its result, and not made again', async () => {
    const run = await newRun()
    expect(await make(run, () => Promise.resolve({ name: 'repo' }))).toEqual({ state: 'done', value: { name: 'repo' } })
    expect(await row(run)).toMatchObject({
      status: 'completed', attempts: 1, error: null, result: { name: 'repo' }, finished_at: expect.any(Date), lease_holder: null,
    })
    const again = vi.fn()
    expect(valueOf(await make(run, again))).toEqual({ name: 'repo' })
    expect(again).not.toHaveBeenCalled()
  })

  it('that fails is followed by four more after growing waits, and then the failure is final', async () => {
    const run = await newRun()
    for (const [index, wait] of [5_000, 10_000, 20_000, 40_000].entries()) {
      const outcome = await make(run, fail('PROVIDER_UNAVAILABLE', true))
      expect(dueIn(outcome)).toBeGreaterThan(wait - 1_000)
      expect(dueIn(outcome)).toBeLessThanOrEqual(wait)
      const expected = { status: 'pending', attempts: index + 1, error: { code: 'PROVIDER_UNAVAILABLE', fix: 'f' }, lease_holder: null }
      expect(await row(run)).toMatchObject(expected)
      const early = vi.fn()
      expect((await make(run, early)).state).toBe('later')
      expect(early, 'not before it is due').not.toHaveBeenCalled()
      await due(run)
    }
    expect(await make(run, fail('PROVIDER_UNAVAILABLE', true))).toEqual({ state: 'failed' })
    expect(await row(run)).toMatchObject({ status: 'failed', attempts: 5, finished_at: expect.any(Date), lease_holder: null })
    expect(await make(run, vi.fn())).toEqual({ state: 'failed' })
  })

  it.each<ProviderErrorCode>([
    'PROVIDER_AUTHENTICATION', 'PROVIDER_FORBIDDEN', 'RESOURCE_CONFLICT', 'MISSING_CONFIGURATION',
  ])('that is refused with %s is the last', async (code) => {
    const run = await newRun()
    expect(await make(run, fail(code, false))).toEqual({ state: 'failed' })
    expect(await row(run)).toMatchObject({ status: 'failed', attempts: 1, error: { code, message: 'It is broken.' } })
  })

  it.each([
    ['RATE_LIMITED', 90_000], ['AWAITS_PERSON', 1_000],
  ] as const)('that is postponed by %s is not counted, and the next one waits as long as the provider says', async (code, wait) => {
    const run = await newRun()
    for (let n = 0; n < 7; n++) {
      const outcome = await make(run, fail(code, true, wait))
      expect(dueIn(outcome)).toBeGreaterThan(wait - 1_000)
      expect(await row(run)).toMatchObject({ status: 'pending', attempts: 0, lease_holder: null })
      await due(run)
    }
    await make(run, () => Promise.resolve())
    expect(await row(run)).toMatchObject({ status: 'completed', attempts: 1, error: null })
  })

  it('that finds its resource busy is the same attempt when it is made again', async () => {
    const run = await newRun()
    for (let n = 0; n < 7; n++) {
      expect(dueIn(await make(run, fail('RESOURCE_BUSY', true, 1_000)))).toBeGreaterThan(0)
      expect(await row(run)).toMatchObject({ status: 'running', attempts: 1, error: null, next_attempt_at: null })
    }
    await make(run, () => Promise.resolve())
    expect(await row(run)).toMatchObject({ status: 'completed', attempts: 1 })
  })

  it('at a feature that is unavailable is skipped with its reason', async () => {
    const run = await newRun()
    expect(await make(run, fail('FEATURE_UNAVAILABLE', false))).toEqual({ state: 'skipped' })
    expect(await row(run)).toMatchObject({ status: 'skipped', error: { code: 'FEATURE_UNAVAILABLE' }, lease_holder: null })
    expect(await make(run, vi.fn())).toEqual({ state: 'skipped' })
  })

  it('that fails unexpectedly is retried', async () => {
    const run = await newRun()
    expect((await make(run, () => Promise.reject(new TypeError('x is not\u0000 a function')))).state).toBe('later')
    expect(await row(run)).toMatchObject({
      status: 'pending', attempts: 1, error: { code: 'UNEXPECTED', message: 'x is not a function' },
    })
  })

  it('in which the database refuses something for good is a failure like any other', async () => {
    const run = await newRun()
    expect((await make(run, () => driver()`select * from nowhere`)).state).toBe('later')
    const error = { code: 'UNEXPECTED', message: expect.stringContaining('nowhere') }
    expect(await row(run)).toMatchObject({ status: 'pending', attempts: 1, error })
  })

  it('in which the database connection is lost is thrown, and counts as the same when it is made again', async () => {
    const run = await newRun()
    await expect(make(run, () => driver()`select pg_terminate_backend(pg_backend_pid())`))
      .rejects.toThrow(/terminating connection|CONNECTION_CLOSED/)
    expect(await row(run)).toMatchObject({ status: 'running', attempts: 1 })
    await make(run, () => Promise.resolve())
    expect(await row(run)).toMatchObject({ status: 'completed', attempts: 1 })
  })

  it('has its outside calls audited, with what they were for', async () => {
    const run = await newRun()
    const call = { service: 'GITHUB', action: 'GITHUB_CREATE_REPO', target: 'POST https://user:secret@host/x' } as const
    await make(run, () => instrumented(call, () => 201, () => Promise.resolve()))
    const [entry, ...more] = await sql`select * from audit_log where run_id = ${run.runId}`
    expect(more).toEqual([])
    expect(entry).toMatchObject({
      target: 'POST https://[redacted]@host/x', step: STEP, item: 'main', attempt: 1, status_code: 201, result: 'SUCCESS',
      subject_type: 'course', subject_id: run.subjectId,
    })
  })
})

describe('the waits between attempts', () => {
  it('double from the base, which the environment may shorten', () => {
    expect([2, 3, 4, 5].map(n => waitBefore(n, retry))).toEqual([5_000, 10_000, 20_000, 40_000])
    vi.stubEnv('RETRY_BASE_MS', '10')
    expect([2, 3, 4, 5].map(n => waitBefore(n, retry))).toEqual([10, 20, 40, 80])
  })

  it('end with the first that is due: then the runtime retries the step', () => {
    const now = performance.now()
    const outcomes: Outcome<unknown>[] = [
      { state: 'done', value: 1 }, { state: 'later', at: now + 60_000 }, { state: 'later', at: now + 5_000 },
    ]
    const error = (() => {
      try {
        retryWhenDue(outcomes)
      }
      catch (error) {
        return error as { name: string, retryAfter: Date }
      }
    })()
    expect(error?.name).toBe('RetryableError')
    expect(Math.abs(error!.retryAfter.getTime() - Date.now() - 5_000)).toBeLessThan(1_000)
    expect(() => retryWhenDue([{ state: 'done', value: 1 }, { state: 'failed' }, { state: 'skipped' }])).not.toThrow()
  })
})
