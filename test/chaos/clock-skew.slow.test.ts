import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { createFakeClock, type FakeClock, findFaketime } from '../../scripts/lib/faketime.ts'
import type { Course } from '../../shared/schemas/course.ts'
import type { Health } from '../../shared/schemas/health.ts'
import { createApi } from '../support/api.ts'
import { type Atelier, startAtelier } from '../support/atelier.ts'
import { laboratory } from '../support/courses.ts'
import { prepareReplica, type Replica } from '../support/replicas.ts'
import { temporaryFolder, useStack } from '../support/stack.ts'
import { until } from '../support/until.ts'
import { expectExactlyOnce } from './exactly-once.ts'

const COURSES = 30
const TWO_HOURS = 7_200
const PATIENCE_MS = 90_000

const library = findFaketime()

/** Two servers on one database, each with a wall clock of its own, and every call of a provider slow enough that their work interleaves. */
const absent = library ? '' : ' (skipped: install libfaketime, or name it in LIBFAKETIME)'
describe.skipIf(!library)(`servers whose clocks differ${absent}`, () => {
  const stack = useStack()
  let atelier: Atelier
  let other: Replica
  let clocks: [FakeClock, FakeClock]

  beforeAll(async () => {
    const folder = await temporaryFolder(stack, 'clocks')
    clocks = [await createFakeClock(library!, join(folder, 'a')), await createFakeClock(library!, join(folder, 'b'))]
    atelier = await startAtelier({ env: clocks[0].env })
    stack.defer(() => atelier.close())
    other = await prepareReplica(atelier, stack, clocks[1].env)
    await other.server.start()
    await Promise.all([atelier.github.latency(60), atelier.discord.latency(60)])
  })

  /** Asks both servers by turns for a course. */
  const createCourse = async (name: string, n: number): Promise<Course> => {
    const { status, body } = await (n % 2 ? other.api : atelier.api).createCourse(laboratory(`${name} ${n}`, 1))
    expect(status, JSON.stringify(body)).toBe(202)
    return body
  }

  /** Waits until every course has ended, and checks that none has failed and everything exists once. */
  async function expectAllCompleted(ids: string[]): Promise<void> {
    let seen: Course[] = []
    const isOver = ({ status }: Course) => ['COMPLETED', 'FAILED'].includes(status)
    const allOver = async () => {
      seen = await Promise.all(ids.map(id => atelier.api.course(id)))
      return seen.every(isOver)
    }
    await until(allOver, { patience: PATIENCE_MS }).catch(() => {})
    const unfinished = seen.filter(course => course.status !== 'COMPLETED')
    expect(unfinished.map(({ name, status, run }) => ({ name, status, error: run.error?.message }))).toEqual([])
    for (const course of seen) await expectExactlyOnce(atelier, course)
  }

  const clockOf = async (server: { readonly url: string }) =>
    (await createApi(server, atelier.apiKey).call<Health>('GET', '/health')).body.parts.clock

  for (const [ahead, behind] of [[0.2, -0.2], [10, -10]] as const) {
    it(`finish every run, ${ahead - behind} s apart`, async () => {
      await Promise.all([clocks[0].set(ahead), clocks[1].set(behind)])
      const created = await Promise.all(Array.from({ length: COURSES }, (_, n) => createCourse(`Apart ${ahead}`, n)))
      await expectAllCompleted(created.map(({ id }) => id))
    })
  }

  it('say in /health how far they are off', async () => {
    await Promise.all([clocks[0].set(10), clocks[1].set(0)])
    const part = await until(async () => {
      const clock = await clockOf(atelier.server)
      return clock.status === 'degraded' ? clock : undefined
    })
    expect(part.detail).toMatch(/^The clock of this process is (?:9\.9|10\.0) s ahead of the database's\./)
    expect(part.fix).toMatch(/NTP/)
    expect(await clockOf(other.server)).toMatchObject({ status: 'up' })
    expect(atelier.server.output()).toMatch(/The clock of this machine is [\d.]+ s ahead of the database's/)
  })

  for (const seconds of [TWO_HOURS, -TWO_HOURS]) {
    it(`finish every run through a jump of ${seconds / 3_600} h and back`, async () => {
      await Promise.all(clocks.map(clock => clock.set(0)))
      const ids: string[] = []
      for (let n = 0; n < COURSES; n++) {
        ids.push((await createCourse(`Jump ${seconds}`, n)).id)
        if (n === 7) await clocks[0].set(seconds)
        if (n === 13) await clocks[1].set(seconds)
        if (n === 20) await clocks[0].set(0)
        if (n === 26) await clocks[1].set(0)
        await sleep(120)
      }
      await expectAllCompleted(ids)
    })
  }

  it('retry a run after a jump', async () => {
    await clocks[0].set(TWO_HOURS)
    const fault = await atelier.github.fault({
      operation: 'repos/create-in-org', subject: '/^retried/', when: 'before', action: 'status', status: 403, times: 100,
    })
    const { body: { id } } = await atelier.api.createCourse(laboratory('Retried', 1))
    await until(async () => (await atelier.api.course(id)).status === 'FAILED', { patience: PATIENCE_MS })
    await atelier.github.removeFault(fault)
    await clocks[0].set(0)
    expect((await atelier.api.call('POST', `/api/courses/${id}/retry`)).status).toBe(202)
    await expectAllCompleted([id])
  })
})
