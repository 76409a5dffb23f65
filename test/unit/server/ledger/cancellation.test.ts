import { afterEach, describe, expect, it, vi } from 'vitest'
import { driver } from '../../../../server/db/client.ts'
import type { ResourceIdentity } from '../../../../server/ledger/queries/resources.ts'
import { attempt, type Work } from '../../../../server/ledger/attempt.ts'
import { ensure } from '../../../../server/ledger/ensure.ts'
import { instrumented } from '../../../../server/lib/instrumentation.ts'
import { newRun, sql, useDatabase } from '../support/database.ts'

useDatabase()
afterEach(() => vi.restoreAllMocks())

const retry = { attempts: 5, baseMs: 50, factor: 2 }
const newWork = async (): Promise<Work> => ({ runId: (await newRun()).runId, retry })
const cancel = ({ runId }: { runId: string }) => sql`update job_executions set status = 'cancelled' where id = ${runId}`
const item = async ({ runId }: Work) => (await sql`select * from provisioning_steps where run_id = ${runId}`)[0]!
const make = (work: Work, how: () => Promise<unknown>) => attempt(work, 'CREATE_GITHUB_REPO', 'main', how)
const call = (made: () => Promise<number>) => instrumented({ service: 'GITHUB', action: 'GITHUB_CALL', target: 'GET /' }, () => 200, made)
const identify = async (): Promise<ResourceIdentity> => ({ subjectType: 'course', ...await newRun(), service: 'GITHUB', type: 'REPO', key: 'main', name: 'repo' })
const made = { id: '42', url: 'https://github.com/atelier/repo' }

describe('once a run was cancelled', () => {
  it('none of its items begins', async () => {
    const work = await newWork()
    await cancel(work)
    const how = vi.fn()
    expect(await make(work, how)).toEqual({ state: 'skipped' })
    expect(how).not.toHaveBeenCalled()
    expect(await item(work)).toMatchObject({ status: 'pending', attempts: 0 })
  })

  it('an item that is under way makes no call more than two seconds later, and costs no attempt', async () => {
    const work = await newWork()
    const later = vi.fn(() => Promise.resolve(2))
    const now = performance.now.bind(performance)
    const outcome = await make(work, async () => {
      await call(() => Promise.resolve(1))
      await cancel(work)
      vi.spyOn(performance, 'now').mockImplementation(() => now() + 2_001)
      return call(later)
    })
    expect(outcome).toEqual({ state: 'skipped' })
    expect(later).not.toHaveBeenCalled()
    expect(await item(work)).toMatchObject({ status: 'pending', attempts: 0, error: null })
  })

  it('what is being made to the end is kept', async () => {
    const work = await newWork()
    await make(work, () => cancel(work).then(() => 'made'))
    expect(await item(work)).toMatchObject({ status: 'completed', result: 'made' })
  })

  it('nothing new is made for it, not even by who looked for it before', async () => {
    const identity = await identify()
    const create = vi.fn(() => Promise.resolve(made))
    await expect(ensure(identity, { look: 'first', find: () => cancel(identity).then(() => null), create })).rejects.toMatchObject({ code: 'RESOURCE_BUSY' })
    expect(create).not.toHaveBeenCalled()
    expect((await sql`select intended_at, lease_holder from external_resources where subject_id = ${identity.subjectId}`)[0]).toMatchObject({ intended_at: null, lease_holder: null })
  })

  it('nothing is intended beside the cancel: who comes at the same moment waits for it, and then makes nothing', async () => {
    const identity = await identify()
    const create = vi.fn(() => Promise.resolve(made))
    let ensured: Promise<unknown> | undefined
    await driver().begin(async (tx) => {
      await tx`update job_executions set status = 'cancelled' where id = ${identity.runId}`
      ensured = ensure(identity, { look: 'after-interruption', find: () => Promise.resolve(null), create }).catch((error: unknown) => error)
      // Until it waits for the cancel's lock.
      await vi.waitUntil(async () => (await sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%intended_at = now()%'`).length > 0, { timeout: 20_000 })
    })
    expect(await ensured).toMatchObject({ code: 'RESOURCE_BUSY' })
    expect(create).not.toHaveBeenCalled()
  })
})
