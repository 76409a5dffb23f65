import type { Bench } from '../lib/bench.ts'
import { type Figure, percentile, time } from '../lib/figures.ts'
import { generateLoad } from './generator.ts'

const RATE = 60
const SECONDS = 20

/** Generates about ten times the load that two cores can handle, and measures responses, memory and the backlog. */
export async function benchLoad(bench: Bench): Promise<Figure[]> {
  await bench.reset()
  await bench.latency(0)
  const { launched, url } = bench
  const options = { url, apiKeys: [launched.apiKey ?? ''], serverPid: launched.serverPid()!, rate: RATE, seconds: SECONDS }
  const { accepted, refused, others, health, slowdown, peakMemory } = await generateLoad(options)
  const backlogMs = await time(() => Promise.all(accepted.map(({ runId }) => bench.waitForRun(runId))))
  return [
    { name: `requests in ${SECONDS} s`, value: RATE * SECONDS, unit: '' },
    { name: 'accepted, all of them completed', value: accepted.length, unit: '' },
    { name: 'refused with 429 and Retry-After', value: refused.filter(Boolean).length, unit: '' },
    { name: 'other responses', value: others.length + refused.filter(seconds => !seconds).length, unit: '', target: 0 },
    {
      name: '/health under the load, p95',
      value: percentile(health.map(({ ms }) => ms), 95),
      unit: 'ms',
      target: 200,
      note: `other load made the server ${slowdown.toFixed(1)} times slower`,
    },
    { name: 'peak memory of the server', value: peakMemory, unit: 'MB', target: 1_000 },
    { name: 'until the last accepted course had completed', value: backlogMs / 1000, unit: 's' },
  ]
}
