import { beforeAll, expect, it } from 'vitest'
import { laboratory } from '../support/courses.ts'
import { type Replica, prepareReplica } from '../support/replicas.ts'
import { useStack } from '../support/stack.ts'
import { useAtelier } from '../support/use-atelier.ts'
import { expectExactlyOnce, expectNoAttemptSpent } from './exactly-once.ts'

const COURSES_A_SERVER = 4

const atelier = useAtelier()
const stack = useStack()
let fleet: Replica[] = []
beforeAll(async () => {
  const others = await Promise.all([prepareReplica(atelier, stack), prepareReplica(atelier, stack)])
  fleet = [atelier, ...others]
  await Promise.all(others.map(({ server }) => server.start()))
})

it('three servers restarted one after the other under load finish every run, create nothing twice, and spend no attempt', async () => {
  await Promise.all([atelier.github.latency(250), atelier.discord.latency(250)])
  const ids: string[] = []
  for (const [n, { server, api }] of fleet.entries()) {
    const created = await Promise.all(Array.from({ length: COURSES_A_SERVER }, (_, index) =>
      api.createCourse(laboratory(`Rolling ${n}-${index}`, 2))))
    ids.push(...created.map(({ body }) => body.id))
    expect(await server.stop()).toBe(0)
    await server.start()
  }
  await Promise.all([atelier.github.latency(0), atelier.discord.latency(0)])
  for (const id of ids) {
    const course = await atelier.api.reached(id, 'COMPLETED', 60_000)
    await expectExactlyOnce(atelier, course)
    await expectNoAttemptSpent(atelier, course)
  }
})
