import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { laboratory } from '../support/courses.ts'
import { prepareReplica, type Replica } from '../support/replicas.ts'
import { outsideCalls } from '../support/outside.ts'
import { withDatabase } from '../support/sql.ts'
import { useStack } from '../support/stack.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'
import { expectExactlyOnce } from './exactly-once.ts'

/** One call a second: of several that are to be made, all but one wait between their intent and the call. */
const env = { DISCORD_LIMITS: 'global=1/1' }
/** Longer than any wait for the limit, and than the pause before a lost item is tried again. */
const AFTER_THAW_MS = 10_000

const atelier = useAtelier({ env })
const stack = useStack()
let frozen: Replica['server'] | undefined
const thaw = () => {
  const pid = frozen?.pid()
  if (pid) process.kill(pid, 'SIGCONT')
  frozen = undefined
}
afterEach(thaw)

const intents = () => withDatabase(atelier.databaseUrl, async sql => (await sql`
  select from external_resources where service = 'DISCORD' and intended_at is not null and made_at is null`).length)

/** Stops a server while it waits between intents and their calls. @returns the id of its course */
async function freezeBeforeCalls(server: Replica, name: string): Promise<string> {
  const { body: { id } } = await server.api.createCourse(laboratory(name, 3))
  await until(async () => await intents() >= 2, { every: 5, what: () => 'two intents whose calls wait' })
  frozen = server.server
  process.kill(server.server.pid()!, 'SIGSTOP')
  expect(await intents(), 'it was stopped before the calls').toBeGreaterThanOrEqual(1)
  return id
}

/** Lets the stopped server go on, and expects that it makes no call of the course that another one has finished. */
async function expectNoStaleCall(server: Replica, survivor: Replica, id: string): Promise<void> {
  const course = await survivor.api.course(id)
  const before = await outsideCalls(atelier)
  thaw()
  await until(() => server.api.course(id), { what: () => 'an answer of the thawed server' })
  await sleep(AFTER_THAW_MS)
  expect((await outsideCalls(atelier)).slice(before.length).map(({ operation, subject }) => `${operation} ${subject}`)).toEqual([])
  await expectExactlyOnce({ ...atelier, api: survivor.api }, course)
}

it('a server that is frozen for longer than its leases makes no call after it, and nothing is doubled', { timeout: 240_000 }, async () => {
  const id = await freezeBeforeCalls(atelier, 'Frozen long')
  const survivor = await prepareReplica(atelier, stack, env)
  await survivor.server.start()
  await survivor.api.reached(id, 'COMPLETED', 180_000)
  await expectNoStaleCall(atelier, survivor, id)
  await survivor.server.stop()
})

it('neither does one that is declared dead while its leases would still last', { timeout: 240_000 }, async () => {
  const id = await freezeBeforeCalls(atelier, 'Frozen briefly')
  const frozenAt = performance.now()
  // As when a machine is suspended: its connections end, and with them the lock that shows it alive.
  await withDatabase(atelier.databaseUrl, sql => sql`
    select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`)
  const survivor = await prepareReplica(atelier, stack, env)
  await survivor.server.start()
  await survivor.api.reached(id, 'COMPLETED', 45_000)
  expect(performance.now() - frozenAt, 'the leases would still last').toBeLessThan(55_000)
  await expectNoStaleCall(atelier, survivor, id)
})
