import { randomInt, randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { driver } from '../../../../server/db/client.ts'
import { PROCESS_LOCK } from '../../../../server/ledger/queries/liveness.ts'
import { reapDeadProcesses, leave, registerWorker, beat } from '../../../../server/engine/queries/processes.ts'
import { until } from '../../../support/until.ts'
import { sql, useDatabase } from '../support/database.ts'

useDatabase()

const newProcess = () => ({ id: randomUUID(), lockKey: randomInt(2 ** 31 - 1) })
const judge = newProcess()
const buried = async () => (await reapDeadProcesses(judge.id)).map(({ id }) => id)

beforeAll(async () => {
  // A heartbeat from before PostgreSQL's own start tells nothing; what is silent for seconds here has to be younger.
  await until(async () => (await sql`select 1 where now() - interval '9 seconds' > pg_postmaster_start_time()`).length)
})
beforeEach(async () => {
  await sql`delete from processes`
  await beat(judge)
  await sql`update processes set healthy_since = '-infinity'`
})

/** A process that was last heard of some time ago. */
async function lastHeardOf(secondsAgo: number) {
  const process = newProcess()
  await sql`insert into processes (id, lock_key, heartbeat_at) values (${process.id}, ${process.lockKey}, now() - ${`${secondsAgo} seconds`}::interval)`
  return process
}

describe('a process is buried', () => {
  it('when its heart has stopped and its lock is gone, and not before', async () => {
    const [fresh, silent, locked] = [await lastHeardOf(1), await lastHeardOf(4), await lastHeardOf(60)]
    const session = await driver().reserve()
    await session`select pg_advisory_lock(${PROCESS_LOCK}::int, ${locked.lockKey}::int)`
    expect(await buried()).toEqual([silent.id])
    await session`select pg_advisory_unlock(${PROCESS_LOCK}::int, ${locked.lockKey}::int)`
    session.release()
    expect(await buried()).toEqual([locked.id])
    expect(await buried()).not.toContain(fresh.id)
  })

  it('by nobody who was cut off a moment ago', async () => {
    const silent = await lastHeardOf(60)
    await sql`update processes set heartbeat_at = now() - interval '5 seconds' where id = ${judge.id}`
    expect(await buried()).toEqual([])
    await beat(judge)
    expect(await buried()).toEqual([])
    await sql`update processes set healthy_since = now() - interval '5 seconds' where id = ${judge.id}`
    expect(await buried()).toEqual([silent.id])
  })

  it('once, of many that look at the same time', async () => {
    const dead = await Promise.all([lastHeardOf(4), lastHeardOf(60)])
    const found = await Promise.all(Array.from({ length: 8 }, buried))
    expect(found.flat().sort()).toEqual(dead.map(({ id }) => id).sort())
  })

  it('for any seconds of silence and of steadiness exactly when both are long enough', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 8 }), async (silence, steadiness) => {
      fc.pre(silence !== 3 && steadiness !== 4)
      await sql`update processes set healthy_since = now() - ${`${steadiness} seconds`}::interval, heartbeat_at = now() where id = ${judge.id}`
      const { id } = await lastHeardOf(silence)
      expect((await buried()).includes(id)).toBe(silence > 3 && steadiness > 4)
    }), { numRuns: 60 })
  })

  it('and lives again when it shows itself', async () => {
    const silent = await lastHeardOf(4)
    expect(await buried()).toEqual([silent.id])
    await beat(silent)
    expect((await sql`select reaped_at from processes where id = ${silent.id}`)[0]).toEqual({ reaped_at: null })
  })
})

describe('the jobs of a process that is gone', () => {
  const worker = 'worker-0123456789abcdef01'
  const jobs = () => sql`select key, attempts, locked_by from graphile_worker.jobs order by id`
  beforeEach(async () => {
    await sql`delete from graphile_worker._private_jobs`
    await sql`insert into graphile_worker._private_tasks (identifier) values ('workflow_steps') on conflict do nothing`
    for (const [key, by] of [['held', worker], ['replaced', worker], ['others', 'worker-of-another'], ['free', null]] as const) {
      await sql`select from graphile_worker.add_job('workflow_steps', job_key => ${key}, max_attempts => 3)`
      await sql`update graphile_worker._private_jobs set attempts = 3, locked_by = ${by}, locked_at = case when ${by}::text is not null then now() end where key = ${key}`
    }
    await sql`select from graphile_worker.add_job('workflow_steps', job_key => 'replaced', max_attempts => 3)`
  })
  const given = [
    { key: 'held', attempts: 0, locked_by: null },
    { key: 'others', attempts: 3, locked_by: 'worker-of-another' },
    { key: 'free', attempts: 3, locked_by: null },
    { key: 'replaced', attempts: 0, locked_by: null },
  ]

  it('go to others as if never begun when it died; those that were asked for again are not left behind', async () => {
    const dead = await lastHeardOf(4)
    await registerWorker({ id: dead.id, worker })
    expect(await reapDeadProcesses(judge.id)).toEqual([{ id: dead.id, jobs: 1 }])
    expect(await jobs()).toEqual(given)
  })

  it('do so, too, when it leaves', async () => {
    const leaving = await lastHeardOf(0)
    await registerWorker({ id: leaving.id, worker })
    await leave(leaving.id)
    expect(await jobs()).toEqual(given)
    expect(await sql`select from processes where id = ${leaving.id}`).toHaveLength(0)
  })
})
