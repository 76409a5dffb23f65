import { expect, it } from 'vitest'
import { generateLoad } from '../../bench/load/generator.ts'
import { percentile } from '../../bench/lib/figures.ts'
import { useAtelier } from '../support/use-atelier.ts'

/** Some ten times what two cores make of lectures in a second, with emulators and PostgreSQL on them as well. */
const RATE = 60
const SECONDS = 6
const HEALTH_MS = 200
const LONGEST_WAIT_MS = 2_000
const MEMORY_MB = 1_000

const atelier = useAtelier({ env: { QUEUED_RUNS: '10', QUEUED_RUNS_EACH: '5', ACTIVE_RUNS: '8', ACTIVE_RUNS_EACH: '4' } })

it('ten times the load is made or answered 429 with the time to wait, and the server stays small and healthy', async () => {
  const key = await atelier.api.createKey('Another', 'operator')
  const { accepted, refused, others, waits, health, slowdown, peakMemory } = await generateLoad({
    url: atelier.server.url, apiKeys: [atelier.apiKey, key], serverPid: atelier.server.pid()!, rate: RATE, seconds: SECONDS,
  })
  expect(others).toEqual([])
  expect(accepted.length + refused.length).toBe(RATE * SECONDS)
  expect(accepted.length).toBeGreaterThan(10)
  expect(refused.length).toBeGreaterThan(RATE)
  expect(refused.filter(seconds => !seconds || seconds > 300)).toEqual([])
  expect(health.filter(({ status }) => status !== 200)).toEqual([])
  const p95 = percentile(health.map(({ ms }) => ms), 95)
  const longest = Math.max(...waits.refused)
  console.log(`${accepted.length} accepted, ${refused.length} refused within ${longest.toFixed(0)} ms; /health p95 ${p95.toFixed(0)} ms, `
    + `while the machine made the server ${slowdown.toFixed(1)} times slower; ${peakMemory} MB`)
  // What others take of the cores at this moment is not this server's.
  expect(p95).toBeLessThan(HEALTH_MS * slowdown)
  expect(longest).toBeLessThan(LONGEST_WAIT_MS * slowdown)
  expect(peakMemory).toBeLessThan(MEMORY_MB)
  await Promise.all(accepted.map(({ courseId }) => atelier.api.reached(courseId, 'COMPLETED', 90_000)))
}, 120_000)
