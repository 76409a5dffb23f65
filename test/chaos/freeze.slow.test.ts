import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { own } from '../../scripts/lib/own.ts'
import { type Atelier, startAtelier } from '../support/atelier.ts'
import { laboratory } from '../support/courses.ts'
import { createDatabase, type Database } from '../support/database.ts'
import { type DatabaseProxy, startDatabaseProxy } from '../support/database-proxy.ts'
import { outsideCalls } from '../support/outside.ts'
import { prepareReplica } from '../support/replicas.ts'
import { withDatabase } from '../support/sql.ts'
import { useStack } from '../support/stack.ts'
import { until } from '../support/until.ts'
import { expectExactlyOnce } from './exactly-once.ts'

/** A limit that nobody reaches: each call of Discord asks the rate limiter between its intent and itself. */
const env = { DISCORD_LIMITS: 'global=50/1' }
/** Longer than the pause before a lost item is tried again. */
const AFTER_THAW_MS = 10_000

const stack = useStack()
let database: Database
let proxy: DatabaseProxy
let atelier: Atelier
let frozen: number | undefined
beforeAll(async () => {
  database = await own(stack, createDatabase, made => made.drop())
  proxy = await own(stack, () => startDatabaseProxy(database.url), started => started.close())
  atelier = await own(stack, () => startAtelier({ env: { ...env, DATABASE_URL: proxy.url } }), started => started.close())
})

function thaw(): void {
  if (frozen) process.kill(frozen, 'SIGCONT')
  frozen = undefined
}
afterEach(thaw)
afterEach(({ task }) => {
  if (task.result?.state === 'fail') console.log(atelier.server.output().slice(-5_000))
})

const countIntents = () => withDatabase(database.url, async sql => (await sql`
  select from external_resources where service = 'DISCORD' and intended_at is not null and made_at is null`).length)

/**
 * Stops the server after an intent, while its question to the rate limiter is out. The answer is there when it goes on,
 * before it learns anything else.
 * @returns the id of its course
 */
async function freezeBeforeCall(name: string): Promise<string> {
  const asksLimiter = () => proxy.hold(1, statement => /insert into "rate_limits"/.test(statement))
  let asked = asksLimiter()
  const { body: { id } } = await atelier.api.createCourse(laboratory(name, 3))
  for (await asked; !await countIntents(); await asked) {
    asked = asksLimiter()
    proxy.release()
  }
  frozen = atelier.server.pid()!
  process.kill(frozen, 'SIGSTOP')
  proxy.release()
  return id
}

/** Has another server finish the course, lets the stopped one go on, and expects that it makes no call. */
async function expectNoStaleCall(id: string, withinMs: number): Promise<void> {
  const survivor = await prepareReplica(atelier, stack, { ...env, DATABASE_URL: database.url })
  await survivor.server.start()
  const course = await survivor.api.reached(id, 'COMPLETED', withinMs)
  const before = await outsideCalls(atelier)
  thaw()
  await until(() => atelier.api.course(id), { what: () => 'an answer of the thawed server' })
  await sleep(AFTER_THAW_MS)
  const known = new Set(before.map(({ at, operation, subject }) => `${at} ${operation} ${subject}`))
  const after = (await outsideCalls(atelier)).map(({ at, operation, subject }) => `${at} ${operation} ${subject}`)
  const stale = after.filter(call => !known.has(call))
  expect(stale).toEqual([])
  await expectExactlyOnce({ ...atelier, api: survivor.api }, course)
  await survivor.server.stop()
}

it('a server that is frozen for longer than its leases makes no call after it, and nothing is doubled', { timeout: 240_000 }, async () => {
  await expectNoStaleCall(await freezeBeforeCall('Frozen long'), 180_000)
})

it('neither does one that is declared dead while its leases would still last', { timeout: 240_000 }, async () => {
  const id = await freezeBeforeCall('Frozen briefly')
  // As when a machine is suspended: its connections end, and with them the lock that shows it alive.
  await withDatabase(database.url, sql => sql`
    select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`)
  await expectNoStaleCall(id, 45_000)
})
