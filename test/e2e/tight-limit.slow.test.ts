import { expect, it } from 'vitest'
import { laboratory } from '../support/courses.ts'
import { useAtelier } from '../support/use-atelier.ts'

const LIMIT = 5
const WINDOW_MS = 1_000
const COURSES = 10
const GROUPS = 6

const atelier = useAtelier({ env: { DISCORD_LIMITS: `global=${LIMIT}/${WINDOW_MS / 1_000}` } })

/** The most calls that any window has. */
const mostInWindow = (times: number[]) => Math.max(...times.map(end => times.filter(time => time <= end && time > end - WINDOW_MS).length))

it('ten courses under a tight limit take about as long as their calls under it', { timeout: 240_000 }, async () => {
  const start = performance.now()
  const created = await Promise.all(Array.from({ length: COURSES }, (_, n) => atelier.api.createCourse(laboratory(`Tight ${n}`, GROUPS))))
  const ended = await Promise.all(created.map(({ body }) =>
    atelier.api.reached(body.id, 'COMPLETED', 200_000).catch((error: Error) => error)))
  const seconds = (performance.now() - start) / 1_000
  const calls = await atelier.discord.calls()
  const mutations = calls.filter(({ mutation }) => mutation).length
  const looks = Map.groupBy(calls.filter(({ mutation }) => !mutation), ({ operation }) => operation)
  const most = mostInWindow(calls.map(({ at }) => Date.parse(at)))
  const figures = [...looks].map(([operation, { length }]) => `${operation} ${length}`).join(', ')
  const ideal = calls.length / LIMIT
  console.log(`${seconds.toFixed(1)} s, ideal ${ideal.toFixed(1)} s; ${mutations} mutations, ${figures}; at most ${most} a second`)
  for (const course of ended) if (course instanceof Error) throw course
  expect(mutations).toBe(COURSES * (1 + 2 * GROUPS))
  expect(looks.get('list_my_guilds'), 'no look is made again for nothing').toHaveLength(COURSES)
  expect(most).toBeLessThanOrEqual(LIMIT)
  // The server needs a moment for itself, and each look is one of the calls.
  expect(seconds).toBeLessThan(calls.length / LIMIT * 1.5 + 10)
  expect(calls.length).toBeLessThan(mutations * 2)
})
