import { afterEach, describe, expect, it, vi } from 'vitest'
import { driver } from '../../../../server/db/client.ts'
import { attempt, ensure, type RunRef } from '../../../../server/ledger/index.ts'
import { instrumented } from '../../../../server/lib/instrumentation.ts'
import type { ResourceIdentity } from '../../../../server/lib/resource-driver.ts'
import { newRun, sql, useDatabase } from '../support/database.ts'

useDatabase()
afterEach(() => vi.restoreAllMocks())

const cancel = ({ runId }: { runId: string }) => sql`update job_executions set status = 'cancelled' where id = ${runId}`
const item = async ({ runId }: RunRef) => (await sql`select * from provisioning_steps where run_id = ${runId}`)[0]!
const make = (run: RunRef, work: () => Promise<unknown>) => attempt(run, 'CREATE_GITHUB_REPO', 'main', work)
const call = (made: () => Promise<number>) => instrumented({ service: 'GITHUB', action: 'GITHUB_CALL', target: 'GET /' }, () => 200, made)
const created = { id: '42', url: 'https://github.com/atelier/repo' }

async function identify(): Promise<ResourceIdentity> {
  const { runId, subjectType, subjectId } = await newRun()
  return { runId, subjectType, subjectId, service: 'GITHUB', type: 'REPO', key: 'main', name: 'repo' }
}

describe('once a run was cancelled', () => {
  it('none of its items begins', async () => {
    const run = await newRun()
    await cancel(run)
    const work = vi.fn()
    expect(await make(run, work)).toEqual({ state: 'skipped' })
    expect(work).not.toHaveBeenCalled()
    expect(await item(run)).toMatchObject({ status: 'pending', attempts: 0 })
  })

  it('an item in progress makes no call more than two seconds later, and costs no attempt', async () => {
    const run = await newRun()
    const later = vi.fn(() => Promise.resolve(2))
    const now = performance.now.bind(performance)
    const outcome = await make(run, async () => {
      await call(() => Promise.resolve(1))
      await cancel(run)
      vi.spyOn(performance, 'now').mockImplementation(() => now() + 2_001)
      return call(later)
    })
    expect(outcome).toEqual({ state: 'skipped' })
    expect(later).not.toHaveBeenCalled()
    expect(await item(run)).toMatchObject({ status: 'pending', attempts: 0, error: null, lease_holder: null })
  })

  it('an item that ends all the same is kept', async () => {
    const run = await newRun()
    await make(run, () => cancel(run).then(() => 'made'))
    expect(await item(run)).toMatchObject({ status: 'completed', result: 'made' })
  })

  it('no resource is created for it, not even by an execution that looked for the resource before', async () => {
    const identity = await identify()
    const create = vi.fn(() => Promise.resolve(created))
    await expect(ensure(identity, { look: 'first', find: () => cancel(identity).then(() => null), create }))
      .rejects.toMatchObject({ code: 'RESOURCE_BUSY' })
    expect(create).not.toHaveBeenCalled()
    const [row] = await sql`select intended_at, lease_holder from external_resources where subject_id = ${identity.subjectId}`
    expect(row).toMatchObject({ intended_at: null, lease_holder: null })
  })

  it('an execution that records its intent at the same moment waits for the cancel, and then creates nothing', async () => {
    const identity = await identify()
    const create = vi.fn(() => Promise.resolve(created))
    let ensured: Promise<unknown> | undefined
    await driver().begin(async (tx) => {
      await tx`update job_executions set status = 'cancelled' where id = ${identity.runId}`
      ensured = ensure(identity, { look: 'after-interruption', find: () => Promise.resolve(null), create })
        .catch((error: unknown) => error)
      // Until it waits for the cancel's lock.
      const isWaiting = async () => (await sql`
        select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%intended_at = now()%'`).length > 0
      await vi.waitUntil(isWaiting, { timeout: 20_000 })
    })
    expect(await ensured).toMatchObject({ code: 'RESOURCE_BUSY' })
    expect(create).not.toHaveBeenCalled()
  })
})
