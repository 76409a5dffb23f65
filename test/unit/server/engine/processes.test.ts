import { randomInt, randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { driver } from '../../../../server/db/client.ts'
import { PROCESS_LOCK } from '../../../../server/ledger/queries/liveness.ts'
import { deleteProcess, reapDeadProcesses, registerWorker, sendHeartbeat } from '../../../../server/engine/queries/processes.ts'
import { until } from '../../../support/until.ts'
import { newRun, sql, useDatabase } from '../support/database.ts'

useDatabase()

const newProcess = () => ({ id: randomUUID(), lockKey: randomInt(2 ** 31 - 1) })
const judge = newProcess()
const reaped = async () => (await reapDeadProcesses(judge.id)).map(({ id }) => id)

beforeAll(async () => {
  // A heartbeat from before PostgreSQL's own start proves nothing; what is silent for seconds here has to be younger.
  await until(async () => (await sql`select 1 where now() - interval '9 seconds' > pg_postmaster_start_time()`).length)
})
beforeEach(async () => {
  await sql`delete from processes`
  await sendHeartbeat(judge)
  await sql`update processes set healthy_since = '-infinity'`
})

/** A process that sent its last heartbeat some time ago. */
async function lastHeartbeat(secondsAgo: number) {
  const process = newProcess()
  await sql`
    insert into processes (id, lock_key, heartbeat_at)
    values (${process.id}, ${process.lockKey}, now() - ${`${secondsAgo} seconds`}::interval)`
  return process
}

describe('a process is reaped', () => {
  it('when it sends no heartbeat and its lock is gone, and not before', async () => {
    const [fresh, silent, locked] = [await lastHeartbeat(1), await lastHeartbeat(4), await lastHeartbeat(60)]
    const session = await driver().reserve()
    await session`select pg_advisory_lock(${PROCESS_LOCK}::int, ${locked.lockKey}::int)`
    expect(await reaped()).toEqual([silent.id])
    await session`select pg_advisory_unlock(${PROCESS_LOCK}::int, ${locked.lockKey}::int)`
    session.release()
    expect(await reaped()).toEqual([locked.id])
    expect(await reaped()).not.toContain(fresh.id)
  })

  it('only by a process that did not lose its own connection a moment ago', async () => {
    const silent = await lastHeartbeat(60)
    await sql`update processes set heartbeat_at = now() - interval '5 seconds' where id = ${judge.id}`
    expect(await reaped()).toEqual([])
    await sendHeartbeat(judge)
    expect(await reaped()).toEqual([])
    await sql`update processes set healthy_since = now() - interval '5 seconds' where id = ${judge.id}`
    expect(await reaped()).toEqual([silent.id])
  })

  it('once, by one of many that look at the same time', async () => {
    const dead = await Promise.all([lastHeartbeat(4), lastHeartbeat(60)])
    const found = await Promise.all(Array.from({ length: 8 }, reaped))
    expect(found.flat().sort()).toEqual(dead.map(({ id }) => id).sort())
  })

  it('exactly when its silence and the health of the judge are both long enough', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 8 }), async (silence, health) => {
      fc.pre(silence !== 3 && health !== 4)
      await sql`
        update processes set healthy_since = now() - ${`${health} seconds`}::interval, heartbeat_at = now() where id = ${judge.id}`
      const { id } = await lastHeartbeat(silence)
      expect((await reaped()).includes(id)).toBe(silence > 3 && health > 4)
    }), { numRuns: 60 })
  })

  it('and counts as live again when it sends a heartbeat', async () => {
    const silent = await lastHeartbeat(4)
    expect(await reaped()).toEqual([silent.id])
    await sendHeartbeat(silent)
    expect((await sql`select reaped_at from processes where id = ${silent.id}`)[0]).toEqual({ reaped_at: null })
  })
})

describe('the jobs of a process', () => {
  const worker = 'worker-0123456789abcdef01'
  const jobs = () => sql`select key, attempts, locked_by from graphile_worker.jobs order by id`
  beforeEach(async () => {
    await sql`delete from graphile_worker._private_jobs`
    await sql`insert into graphile_worker._private_tasks (identifier) values ('workflow_steps') on conflict do nothing`
    for (const [key, by] of [['held', worker], ['replaced', worker], ['others', 'worker-of-another'], ['free', null]] as const) {
      await sql`select from graphile_worker.add_job('workflow_steps', job_key => ${key}, max_attempts => 3)`
      await sql`
        update graphile_worker._private_jobs
        set attempts = 3, locked_by = ${by}, locked_at = case when ${by}::text is not null then now() end
        where key = ${key}`
    }
    await sql`select from graphile_worker.add_job('workflow_steps', job_key => 'replaced', max_attempts => 3)`
  })
  const released = [
    { key: 'held', attempts: 0, locked_by: null },
    { key: 'others', attempts: 3, locked_by: 'worker-of-another' },
    { key: 'free', attempts: 3, locked_by: null },
    { key: 'replaced', attempts: 0, locked_by: null },
  ]

  it('are released when it died, with the attempt count reset; a job that was enqueued again is removed', async () => {
    const dead = await lastHeartbeat(4)
    await registerWorker({ id: dead.id, worker })
    expect(await reapDeadProcesses(judge.id)).toEqual([{ id: dead.id, jobs: 1 }])
    expect(await jobs()).toEqual(released)
  })

  it('are released when it deregisters', async () => {
    const leaving = await lastHeartbeat(0)
    await registerWorker({ id: leaving.id, worker })
    await deleteProcess(leaving.id)
    expect(await jobs()).toEqual(released)
    expect(await sql`select from processes where id = ${leaving.id}`).toHaveLength(0)
  })
})

it('the leases of a process that deregisters lapse when its last call can no longer take effect', async () => {
  const [leaving, staying] = [await lastHeartbeat(0), await lastHeartbeat(0)]
  const [left, kept] = [await newRun(), await newRun()]
  for (const [{ runId }, { id }] of [[left, leaving], [kept, staying]] as const) await sql`
    update provisioning_steps set status = 'running', lease_holder = ${id}, leased_at = now(), leased_until = now() + interval '1 minute'
    where run_id = ${runId}`
  await deleteProcess(leaving.id)
  const seconds = async ({ runId }: { runId: string }) => Number((await sql`
    select extract(epoch from leased_until - now()) as left from provisioning_steps where run_id = ${runId}`)[0]!.left)
  expect(await seconds(left)).toBeLessThanOrEqual(2)
  expect(await seconds(left)).toBeGreaterThan(0)
  expect(await seconds(kept)).toBeGreaterThan(50)
})
