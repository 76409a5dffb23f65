import { it } from 'vitest'
import { lecture } from '../support/courses.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'
import { expectExactlyOnce, expectNoAttemptSpent } from './exactly-once.ts'

const KILLS = 50

const atelier = useAtelier()

it('a run whose process is killed fifty times in one step completes, and no attempt is spent', { timeout: 600_000 }, async () => {
  // From it the calls' limits are known: of a route that nobody knows only one call goes ahead.
  const { body: first } = await atelier.api.createCourse(lecture('Before the kills'))
  await atelier.api.reached(first.id, 'COMPLETED')
  const held = await atelier.discord.fault({ operation: 'list_my_guilds', when: 'before', action: 'hold', times: 1_000 })
  const { body: { id } } = await atelier.api.createCourse(lecture('Fifty kills'))
  for (let kills = 0; kills < KILLS; kills++) {
    if (kills) void atelier.server.start().catch(() => {})
    await until(async () => await atelier.discord.reached(held) > kills, {
      patience: 60_000, what: () => `the call after kill ${kills}\n${atelier.server.output().slice(-3_000)}`,
    })
    await atelier.server.kill()
  }
  await atelier.discord.removeFault(held)
  await atelier.server.start()
  const course = await atelier.api.reached(id, 'COMPLETED', 60_000)
  await expectNoAttemptSpent(atelier, course)
  await expectExactlyOnce(atelier, course)
})
