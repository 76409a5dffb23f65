import { expect, it } from 'vitest'
import type { Answer } from '../support/api.ts'
import { lecture } from '../support/courses.ts'
import { expectProblem } from '../support/problems.ts'
import { withDatabase } from '../support/sql.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'

const LONGEST_WAIT_MS = 2_000
/** More than record runs at the same time, fewer than a key may have under way. */
const REQUESTS = 30

const atelier = useAtelier()

/** One request; the client of the other suites would send it again. */
async function ask(name: string): Promise<Answer<unknown>> {
  const answer = await fetch(`${atelier.server.url}/api/courses`, {
    method: 'POST',
    headers: { 'x-api-key': atelier.apiKey, 'content-type': 'application/json' },
    body: JSON.stringify(lecture(name)),
  })
  return { status: answer.status, headers: answer.headers, body: await answer.json() }
}

it('a request that would wait longer than two seconds to record its run gets 429 by then, and nothing of it is done', async () => {
  const asked = Array.from({ length: REQUESTS }, (_, n) => `Waiting ${n}`)
  const { answers } = await withDatabase(atelier.databaseUrl, sql => sql.begin(async (tx) => {
    await tx`lock table courses in exclusive mode`
    const ends: number[] = []
    const answers = asked.map(async (name) => {
      const start = performance.now()
      const answer = await ask(name)
      const ms = performance.now() - start
      ends.push(ms)
      return { name, answer, ms }
    })
    // Those that had begun wait for the table, and go on to their end.
    await until(async () => ends.length >= REQUESTS - 4, { what: () => `the refusals; ${ends.length} answers` })
    // The driver would wait for the elements of an array.
    return { answers }
  }))
  const settled = await Promise.all(answers)
  const refused = settled.filter(({ answer }) => answer.status === 429)
  const accepted = settled.filter(({ answer }) => answer.status === 202)
  const longest = Math.max(...refused.map(({ ms }) => ms))
  console.log(`${accepted.length} accepted, ${refused.length} refused; longest wait for a 429: ${longest.toFixed(0)} ms`)
  expect(accepted.length + refused.length).toBe(REQUESTS)
  expect(refused.length).toBe(REQUESTS - 4)
  for (const { answer } of refused) {
    expectProblem(answer, 429, 'OVERLOADED')
    expect(answer.headers.get('retry-after')).toBe('2')
  }
  expect(longest).toBeLessThan(LONGEST_WAIT_MS)
  const { body } = await atelier.api.call<{ items: { name: string }[] }>('GET', '/api/courses?pageSize=100')
  expect(body.items.map(({ name }) => name).sort()).toEqual(accepted.map(({ name }) => name).sort())
})
