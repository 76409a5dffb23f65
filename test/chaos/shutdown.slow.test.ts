import { beforeAll, expect, it } from 'vitest'
import { lecture } from '../support/courses.ts'
import { follow } from '../support/events.ts'
import { type Replica, prepareReplica } from '../support/replicas.ts'
import { withDatabase } from '../support/sql.ts'
import { useStack } from '../support/stack.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'
import { expectExactlyOnce, expectNoAttemptSpent } from './exactly-once.ts'

const SECONDS = 1_000
const PROMISED_MS = 25 * SECONDS

const atelier = useAtelier()
const stack = useStack()
let survivor: Replica
beforeAll(async () => {
  survivor = await prepareReplica(atelier, stack)
})

const audited = (id: string) => withDatabase(atelier.databaseUrl, sql => sql<{ action: string, result: string }[]>`
  select action, result from audit_log where subject_id = ${id} order by id`)

it('a server that is told to end goes within 25 s, finishes what can be finished, and hands over the rest', async () => {
  // One call that is answered in time, and calls that take longer together than a server may.
  const soon = await atelier.github.fault({ operation: 'repos/create-in-org', when: 'before', action: 'delay', ms: 4 * SECONDS })
  const slow = await atelier.discord.fault({ operation: '/guild/', when: 'before', action: 'delay', ms: 12 * SECONDS, times: 1_000 })
  const { body: { id } } = await atelier.api.createCourse(lecture('Handed over'))
  await Promise.all([atelier.github.reached(soon), atelier.discord.reached(slow)])
  const stream = await follow(atelier, '/api/events')
  await survivor.server.start()

  const signalledAt = performance.now()
  const ended = atelier.server.stop()
  await stream.ended
  expect(performance.now() - signalledAt, 'milliseconds until streams end').toBeLessThan(5 * SECONDS)
  const isClosed = () => fetch(`${atelier.server.url}/health`).then(() => false, () => true)
  await until(isClosed, { what: () => 'no new request to be taken' })
  expect(await ended).toBe(0)
  expect(performance.now() - signalledAt, 'milliseconds until it is gone').toBeLessThan(PROMISED_MS)

  const known = await withDatabase(atelier.databaseUrl, sql => sql`select id from processes`)
  expect(known, 'processes that are left').toHaveLength(1)
  await atelier.discord.removeFault(slow)
  const course = await survivor.api.reached(id, 'COMPLETED', 60_000)
  await expectExactlyOnce({ ...atelier, api: survivor.api }, course)
  await expectNoAttemptSpent(survivor, course)
  expect(await audited(id)).toContainEqual({ action: 'GITHUB_CREATE_REPO', result: 'SUCCESS' })
})
