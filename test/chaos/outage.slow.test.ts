import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, it } from 'vitest'
import { own } from '../../scripts/lib/own.ts'
import { startPostgres, type RunningPostgres } from '../../scripts/lib/postgres.ts'
import { startAtelier, type Atelier } from '../support/atelier.ts'
import { lecture } from '../support/courses.ts'
import { createTemplate } from '../support/database.ts'
import { type Replica, prepareReplica } from '../support/replicas.ts'
import { withDatabase } from '../support/sql.ts'
import { temporaryFolder, useStack } from '../support/stack.ts'
import { until } from '../support/until.ts'
import { expectExactlyOnce, expectNoAttemptSpent } from './exactly-once.ts'

const AWAY_MS = 8_000
/** Steps at the same time, so that all workers of the runtime are at one when the database goes. */
const WORKERS = 2
const COURSES = 3

const stack = useStack()
let dataDir: string
let postgres: RunningPostgres
let atelier: Atelier
let other: Replica
beforeAll(async () => {
  dataDir = await temporaryFolder(stack, 'atelier-outage')
  postgres = await own(stack, () => startPostgres({ dataDir }), started => started.stop())
  const templateUrl = await createTemplate(postgres.url)
  atelier = await own(stack, () => startAtelier({ templateUrl, env: { QUEUE_CONCURRENCY: String(WORKERS) } }), started => started.close())
  other = await prepareReplica(atelier, stack, { QUEUE_CONCURRENCY: String(WORKERS) })
  await other.server.start()
})

it('two servers whose PostgreSQL is away for eight seconds while every worker ends a step go on by themselves', async () => {
  const [repos, guilds] = await Promise.all([
    atelier.github.fault({ operation: 'repos/create-in-org', when: 'after', action: 'hold', times: 1_000 }),
    atelier.discord.fault({ operation: 'list_my_guilds', when: 'before', action: 'hold', times: 1_000 }),
  ])
  const pids = [atelier.server.pid(), other.server.pid()]
  const created = await Promise.all(Array.from({ length: COURSES }, (_, n) =>
    (n % 2 ? other.api : atelier.api).createCourse(lecture(`Outage ${n}`))))
  await until(async () => await atelier.github.reached(repos) + await atelier.discord.reached(guilds) >= 2 * WORKERS)
  await postgres.stop()
  // Steps end while nobody can write it down.
  await Promise.all([atelier.github.removeFault(repos), atelier.discord.removeFault(guilds)])
  await sleep(AWAY_MS)
  postgres = await startPostgres({ dataDir })
  for (const { body: { id } } of created) {
    const course = await atelier.api.reached(id, 'COMPLETED', 60_000)
    await expectExactlyOnce(atelier, course)
    await expectNoAttemptSpent(atelier, course)
  }
  expect([atelier.server.pid(), other.server.pid()]).toEqual(pids)

  // Each has its workers still, and all of them take jobs at the same time.
  const again = await atelier.discord.fault({ operation: 'list_my_guilds', when: 'before', action: 'hold', times: 1_000 })
  const later = await Promise.all(Array.from({ length: 2 * WORKERS }, (_, n) =>
    (n % 2 ? other.api : atelier.api).createCourse(lecture(`After ${n}`))))
  await until(async () => await workersAtWork() >= 2 * WORKERS, { what: () => 'every worker to be at work again' })
  await atelier.discord.removeFault(again)
  for (const { body: { id } } of later) await atelier.api.reached(id, 'COMPLETED', 60_000)
})

/** Those that have begun a job since PostgreSQL is back. */
const workersAtWork = () => withDatabase(atelier.databaseUrl, async (sql) => {
  const [count] = await sql<{ workers: number }[]>`
    select count(distinct locked_by)::int as workers from graphile_worker.jobs where locked_at > pg_postmaster_start_time()`
  return count!.workers
})
