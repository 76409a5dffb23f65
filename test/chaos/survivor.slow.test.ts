import { beforeAll, describe, expect, it } from 'vitest'
import { DISCORD_GUILD_ID } from '../../emulators/defaults.ts'
import type { Api } from '../support/api.ts'
import { lecture } from '../support/courses.ts'
import { prepareReplica } from '../support/replicas.ts'
import { useStack } from '../support/stack.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'
import { expectExactlyOnce } from './exactly-once.ts'

const COURSES = 4

/** Two servers on one database; the first is killed in the middle of the work of both. */
describe('a server that lives beside one that is killed', () => {
  const atelier = useAtelier({ env: { DISCORD_GUILD_ID: '' } })
  const stack = useStack()
  let api: Api
  beforeAll(async () => {
    const survivor = await prepareReplica(atelier, stack, { DISCORD_GUILD_ID: '' })
    await survivor.server.start()
    api = survivor.api
  })

  /** Creates courses on both servers, and kills one while each course has a call out. @returns their ids */
  async function killedInTheMiddle(name: string, discordGuildId?: string): Promise<string[]> {
    const hold = await atelier.github.fault({
      operation: 'repos/create-in-org', subject: `/^${name.toLowerCase()}/`, when: 'before', action: 'hold', times: 1_000,
    })
    const created = await Promise.all(Array.from({ length: COURSES }, (_, n) =>
      (n % 2 ? api : atelier.api).createCourse(lecture(`${name} ${n}`, { discordGuildId }))))
    await until(async () => await atelier.github.reached(hold) >= COURSES)
    await atelier.server.kill()
    await atelier.github.removeFault(hold)
    return created.map(({ body }) => body.id)
  }

  it('finishes the runs of both, and makes everything once', async () => {
    const ids = await killedInTheMiddle('Both', DISCORD_GUILD_ID)
    for (const id of ids) {
      const course = await api.reached(id, 'COMPLETED', 60_000)
      await expectExactlyOnce({ ...atelier, api }, course)
      expect(course.run.steps.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1, 1])
    }
  })

  it('does what runs that wait for a Discord server can do without one', async () => {
    await atelier.server.start()
    for (const id of await killedInTheMiddle('Waiting'))
      await until(async () => (await api.course(id)).run.steps.slice(2).every(({ status }) => status === 'completed'), {
        patience: 60_000, what: () => `the repository of ${id}`,
      })
  })
})
