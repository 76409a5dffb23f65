import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { driver } from '../../../../server/db/client.ts'
import { attempt, retryWhenDue, type Outcome, valueOf, waitBefore, type Work } from '../../../../server/ledger/attempt.ts'
import { instrumented } from '../../../../server/lib/instrumentation.ts'
import { ProviderError, type ProviderErrorCode } from '../../../../server/lib/errors.ts'
import { until } from '../../../support/until.ts'
import { newRun, sql, useDatabase } from '../support/database.ts'

useDatabase()

const retry = { attempts: 5, baseMs: 5_000, factor: 2 }
const STEP = 'CREATE_GITHUB_REPO'
async function newWork(): Promise<Work> {
  const { runId, subjectId } = await newRun()
  return { runId, courseId: subjectId, retry }
}
const row = async ({ runId }: Work) => (await sql`select * from provisioning_steps where run_id = ${runId}`)[0]!
const fail = (code: ProviderErrorCode, retryable: boolean, retryAfter?: number) => () => Promise.reject(new ProviderError({ code, message: 'It is broken.', why: 'w', fix: 'f', retryable, retryAfter }))
const make = (work: Work, how: () => Promise<unknown>) => attempt(work, STEP, 'main', how)
/** The next attempt is due now. */
const due = ({ runId }: Work) => sql`update provisioning_steps set next_attempt_at = now() where run_id = ${runId}`
const dueIn = (outcome: Outcome<unknown>) => outcome.state === 'later' ? outcome.at.getTime() - Date.now() : Number.NaN

beforeEach(() => vi.stubEnv('RETRY_BASE_MS', ''))
afterEach(() => vi.unstubAllEnvs())

describe('an attempt', () => {
  it('that succeeds is kept with its result, and not made again', async () => {
    const work = await newWork()
    expect(await make(work, () => Promise.resolve({ name: 'repo' }))).toEqual({ state: 'done', value: { name: 'repo' } })
    expect(await row(work)).toMatchObject({ status: 'completed', attempts: 1, error: null, result: { name: 'repo' }, finished_at: expect.any(Date) })
    const again = vi.fn()
    expect(valueOf(await make(work, again))).toEqual({ name: 'repo' })
    expect(again).not.toHaveBeenCalled()
  })

  it('that was interrupted is the same attempt when it is made again', async () => {
    const work = await newWork()
    await make(work, async () => {
      expect((await row(work)).attempts).toBe(1)
      return make(work, () => Promise.resolve(1))
    })
    expect(await row(work)).toMatchObject({ status: 'completed', attempts: 1 })
  })

  it('that fails is followed by four more with growing waits, and then the failure is final', async () => {
    const work = await newWork()
    for (const [index, wait] of [5_000, 10_000, 20_000, 40_000].entries()) {
      const outcome = await make(work, fail('PROVIDER_UNAVAILABLE', true))
      expect(dueIn(outcome)).toBeGreaterThan(wait - 1_000)
      expect(dueIn(outcome)).toBeLessThanOrEqual(wait)
      expect(await row(work)).toMatchObject({ status: 'pending', attempts: index + 1, error: { code: 'PROVIDER_UNAVAILABLE', fix: 'f' } })
      const early = vi.fn()
      expect((await make(work, early)).state).toBe('later')
      expect(early, 'not before it is due').not.toHaveBeenCalled()
      await due(work)
    }
    expect(await make(work, fail('PROVIDER_UNAVAILABLE', true))).toEqual({ state: 'failed' })
    expect(await row(work)).toMatchObject({ status: 'failed', attempts: 5, finished_at: expect.any(Date) })
    expect(await make(work, vi.fn())).toEqual({ state: 'failed' })
  })

  it.each<[ProviderErrorCode]>([['PROVIDER_AUTHENTICATION'], ['PROVIDER_FORBIDDEN'], ['RESOURCE_CONFLICT'], ['MISSING_CONFIGURATION']])('refused with %s is the last', async (code) => {
    const work = await newWork()
    expect(await make(work, fail(code, false))).toEqual({ state: 'failed' })
    expect(await row(work)).toMatchObject({ status: 'failed', attempts: 1, error: { code, message: 'It is broken.' } })
  })

  it.each([['RATE_LIMITED', 90_000], ['AWAITS_PERSON', 1_000]] as const)('put off by %s counts as none, and waits as long as it was told', async (code, wait) => {
    const work = await newWork()
    for (let n = 0; n < 7; n++) {
      const outcome = await make(work, fail(code, true, wait))
      expect(dueIn(outcome)).toBeGreaterThan(wait - 1_000)
      expect(await row(work)).toMatchObject({ status: 'pending', attempts: 0 })
      await due(work)
    }
    await make(work, () => Promise.resolve())
    expect(await row(work)).toMatchObject({ status: 'completed', attempts: 1, error: null })
  })

  it('that finds another execution at it leaves everything to that one, and comes back', async () => {
    const work = await newWork()
    for (let n = 0; n < 7; n++) {
      expect(dueIn(await make(work, fail('RESOURCE_BUSY', true, 1_000)))).toBeGreaterThan(0)
      expect(await row(work)).toMatchObject({ status: 'running', attempts: 1, error: null, next_attempt_at: null })
    }
    await make(work, () => Promise.resolve())
    expect(await row(work)).toMatchObject({ status: 'completed', attempts: 1 })
  })

  describe.each(['RESOURCE_BUSY', 'RATE_LIMITED'] as const)('that is made twice at once, and put off once by %s', (code) => {
    it.each(['after', 'before'])('just %s it is done, is done', async (when) => {
      const work = await newWork()
      const first = Promise.withResolvers<string>()
      const made = make(work, () => first.promise)
      await until(async () => (await row(work)).status === 'running')
      if (when === 'after') first.resolve('made')
      const putOff = make(work, fail(code, true, 1_000))
      if (when === 'before') await putOff.then(() => first.resolve('made'))
      expect(await made).toEqual({ state: 'done', value: 'made' })
      await putOff
      expect(await row(work)).toMatchObject({ status: 'completed', attempts: 1, result: 'made', next_attempt_at: null, error: null })
      expect(valueOf(await make(work, vi.fn()))).toBe('made')
    })

    it.each(['after', 'before'])('just %s it failed for good, has failed with its reason', async (when) => {
      const work = await newWork()
      const first = Promise.withResolvers<never>()
      const refused = make(work, () => first.promise)
      await until(async () => (await row(work)).status === 'running')
      const refuse = () => first.reject(new ProviderError({ code: 'PROVIDER_FORBIDDEN', message: 'No.', why: 'w', fix: 'f', retryable: false }))
      if (when === 'after') refuse()
      const putOff = make(work, fail(code, true, 1_000))
      if (when === 'before') await putOff.then(refuse)
      expect(await refused).toEqual({ state: 'failed' })
      await putOff
      expect(await row(work)).toMatchObject({ status: 'failed', attempts: 1, error: { code: 'PROVIDER_FORBIDDEN' }, next_attempt_at: null })
    })
  })

  it('at what is not to be had is skipped with its reason', async () => {
    const work = await newWork()
    expect(await make(work, fail('FEATURE_UNAVAILABLE', false))).toEqual({ state: 'skipped' })
    expect(await row(work)).toMatchObject({ status: 'skipped', error: { code: 'FEATURE_UNAVAILABLE' } })
    expect(await make(work, vi.fn())).toEqual({ state: 'skipped' })
  })

  it('that fails in a way nobody foresaw is tried again', async () => {
    const work = await newWork()
    expect((await make(work, () => Promise.reject(new TypeError('x is not\u0000 a function')))).state).toBe('later')
    expect(await row(work)).toMatchObject({ status: 'pending', attempts: 1, error: { code: 'UNEXPECTED', message: 'x is not a function' } })
  })

  it('in which the database refuses something for good is a failure like any other', async () => {
    const work = await newWork()
    expect((await make(work, () => driver()`select * from nowhere`)).state).toBe('later')
    expect(await row(work)).toMatchObject({ status: 'pending', attempts: 1, error: { code: 'UNEXPECTED', message: expect.stringContaining('nowhere') } })
  })

  it('in which the database goes away is thrown, and counts as the same when it is made again', async () => {
    const work = await newWork()
    await expect(make(work, () => driver()`select pg_terminate_backend(pg_backend_pid())`)).rejects.toThrow(/terminating connection|CONNECTION_CLOSED/)
    expect(await row(work)).toMatchObject({ status: 'running', attempts: 1 })
    await make(work, () => Promise.resolve())
    expect(await row(work)).toMatchObject({ status: 'completed', attempts: 1 })
  })

  it('has its outside calls audited, with what they were for', async () => {
    const work = await newWork()
    await make(work, () => instrumented({ service: 'GITHUB', action: 'GITHUB_CREATE_REPO', target: 'POST https://user:secret@host/x' }, () => 201, () => Promise.resolve()))
    const [entry, ...more] = await sql`select * from audit_log where run_id = ${work.runId}`
    expect(more).toEqual([])
    expect(entry).toMatchObject({ target: 'POST https://[redacted]@host/x', step: STEP, item: 'main', attempt: 1, status_code: 201, result: 'SUCCESS', course_id: work.courseId })
  })
})

describe('waits', () => {
  it('double from the base, which the environment may shorten', () => {
    expect([2, 3, 4, 5].map(n => waitBefore(n, retry))).toEqual([5_000, 10_000, 20_000, 40_000])
    vi.stubEnv('RETRY_BASE_MS', '10')
    expect([2, 3, 4, 5].map(n => waitBefore(n, retry))).toEqual([10, 20, 40, 80])
  })

  it('ask the runtime to come back for the first that is due', () => {
    const [soon, late] = [new Date(Date.now() + 5_000), new Date(Date.now() + 60_000)]
    expect(() => retryWhenDue([{ state: 'done', value: 1 }, { state: 'later', at: late }, { state: 'later', at: soon }])).toThrow(expect.objectContaining({ name: 'RetryableError', retryAfter: soon }))
    expect(() => retryWhenDue([{ state: 'done', value: 1 }, { state: 'failed' }, { state: 'skipped' }])).not.toThrow()
  })
})
