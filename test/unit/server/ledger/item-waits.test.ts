import { describe, expect, it } from 'vitest'
import { answerWait } from '../../../../server/engine/waits.ts'
import { attempt, type RunRef } from '../../../../server/ledger/index.ts'
import { ProviderError, type ProviderErrorCode } from '../../../../server/lib/errors.ts'
import { newRun as recordedRun, sql, useDatabase } from '../support/database.ts'

/** An item that waits for a person looks by itself for what it waits for. */
useDatabase()

const STEP = 'CREATE_GITHUB_REPO'

async function newRun(items = ['main']): Promise<RunRef> {
  const run = await recordedRun({ items: items.map(item => ({ name: STEP, item })) })
  await sql`update job_executions set status = 'running' where id = ${run.runId}`
  return run
}

const fail = (code: ProviderErrorCode, { retryable = true, message = 'm' } = {}) => () =>
  Promise.reject(new ProviderError({ code, message, why: 'w', fix: 'f', retryable, retryAfter: 60_000 }))
/** Makes an attempt that is due now. */
async function make(run: RunRef, how: () => Promise<unknown>, item = 'main') {
  await sql`update provisioning_steps set next_attempt_at = null where run_id = ${run.runId} and item = ${item}`
  return attempt(run, STEP, item, how)
}
const succeed = () => Promise.resolve('made')
const waitsOf = async ({ runId }: RunRef) => [...await sql`select * from run_waits where run_id = ${runId} order by kind`]
const openWaits = async (run: RunRef) => (await waitsOf(run)).filter(wait => wait.closed_at === null).map(({ kind }) => kind as string)
const statusOf = async ({ runId }: RunRef) => (await sql`select status from job_executions where id = ${runId}`)[0]!.status as string

describe('an item that waits for a person', () => {
  it('shows for what, and that its run waits, until it has found it', async () => {
    const run = await newRun()
    expect((await make(run, fail('AWAITS_PERSON', { message: 'Create it.' }))).state).toBe('later')
    expect(await waitsOf(run)).toMatchObject([
      { kind: `${STEP} main`, token: null, message: 'Create it.', why: 'w', fix: 'f', deadline: null, closed_at: null },
    ])
    expect(await statusOf(run)).toBe('waiting')
    await make(run, fail('AWAITS_PERSON', { message: 'Create it, please.' }))
    expect(await waitsOf(run)).toMatchObject([{ message: 'Create it, please.', closed_at: null }])
    expect((await make(run, succeed)).state).toBe('done')
    expect(await waitsOf(run)).toMatchObject([{ closed_at: expect.any(Date) }])
    expect(await statusOf(run)).toBe('running')
  })

  it.each<[string, () => Promise<unknown>]>([
    ['fails for good', fail('PROVIDER_FORBIDDEN', { retryable: false })],
    ['is skipped', fail('FEATURE_UNAVAILABLE', { retryable: false })],
  ])('waits no more once it %s', async (_, how) => {
    const run = await newRun()
    await make(run, fail('AWAITS_PERSON'))
    await make(run, how)
    expect(await openWaits(run)).toEqual([])
    expect(await statusOf(run)).toBe('running')
  })

  it.each<ProviderErrorCode>([
    'PROVIDER_UNAVAILABLE', 'RATE_LIMITED', 'RESOURCE_BUSY',
  ])('waits on when %s keeps it from looking, and no more once it has found what it waits for', async (code) => {
    const run = await newRun()
    await make(run, fail('AWAITS_PERSON'))
    await make(run, fail(code))
    expect(await openWaits(run)).toEqual([`${STEP} main`])
    expect(await statusOf(run)).toBe('waiting')
    await make(run, succeed)
    expect(await openWaits(run)).toEqual([])
    expect(await statusOf(run)).toBe('running')
  })

  it('waits no more when a crash came between its end and that of its wait', async () => {
    const run = await newRun()
    await make(run, fail('AWAITS_PERSON'))
    await sql`update provisioning_steps set status = 'completed', error = null, result = '"made"' where run_id = ${run.runId}`
    expect(await make(run, fail('UNEXPECTED' as ProviderErrorCode))).toEqual({ state: 'done', value: 'made' })
    expect(await openWaits(run)).toEqual([])
    expect(await statusOf(run)).toBe('running')
  })

  it('is shown waiting again when it has to wait a second time', async () => {
    const run = await newRun(['a', 'b'])
    await make(run, fail('AWAITS_PERSON'), 'a')
    await make(run, succeed, 'a')
    await make(run, fail('AWAITS_PERSON'), 'b')
    expect(await openWaits(run)).toEqual([`${STEP} b`])
    expect(await statusOf(run)).toBe('waiting')
  })
})

describe('several items that wait for a person', () => {
  it('keep their run waiting until the last one has found what it waits for', async () => {
    const run = await newRun(['a', 'b'])
    await Promise.all(['a', 'b'].map(item => make(run, fail('AWAITS_PERSON'), item)))
    expect(await openWaits(run)).toEqual([`${STEP} a`, `${STEP} b`])
    await make(run, succeed, 'a')
    expect(await statusOf(run)).toBe('waiting')
    await make(run, succeed, 'b')
    expect(await statusOf(run)).toBe('running')
  })

  it('let their run go on when they end at the same moment', async () => {
    for (let n = 0; n < 15; n++) {
      const run = await newRun(['a', 'b', 'c'])
      await Promise.all(['a', 'b', 'c'].map(item => make(run, fail('AWAITS_PERSON'), item)))
      await Promise.all(['a', 'b', 'c'].map(item => make(run, succeed, item)))
      expect(await openWaits(run)).toEqual([])
      expect(await statusOf(run)).toBe('running')
    }
  })

  it('keep their run waiting when one ends at the moment at which another one begins to wait', async () => {
    for (let n = 0; n < 15; n++) {
      const run = await newRun(['a', 'b'])
      await make(run, fail('AWAITS_PERSON'), 'a')
      await Promise.all([make(run, succeed, 'a'), make(run, fail('AWAITS_PERSON'), 'b')])
      expect(await statusOf(run)).toBe('waiting')
    }
  })
})

describe('a person who says that it is done', () => {
  it('makes the item due now', async () => {
    const run = await newRun()
    await make(run, fail('AWAITS_PERSON'))
    const due = async () => (await sql`select next_attempt_at <= now() as due from provisioning_steps where run_id = ${run.runId}`)[0]!.due
    expect(await due()).toBe(false)
    expect(await answerWait(run.runId, { kind: `${STEP} main` }, {}, 'owner')).toEqual({ state: 'answered' })
    expect(await due()).toBe(true)
    expect(await openWaits(run), 'it waits until the item has seen it').toEqual([`${STEP} main`])
  })

  it('is told that nothing waits once the item has found it', async () => {
    const run = await newRun()
    await make(run, fail('AWAITS_PERSON'))
    await make(run, succeed)
    expect(await answerWait(run.runId, { kind: `${STEP} main` }, {}, 'owner')).toEqual({ state: 'not-waiting' })
  })
})
