import type { Bench } from '../lib/atelier.ts'
import { type Figure, percentile, time } from '../lib/figures.ts'
import { flood } from './flood.ts'

const RATE = 60
const SECONDS = 20

/** Some ten times the load that two cores bear: what is accepted, how the server answers meanwhile, and how long the rest takes. */
export async function benchLoad(bench: Bench): Promise<Figure[]> {
  await bench.reset()
  await bench.latency(0)
  const { launched, url } = bench
  const { accepted, refused, others, health, slowdown, mostMemory } = await flood({ url, apiKeys: [launched.apiKey ?? ''], serverPid: launched.serverPid()!, rate: RATE, seconds: SECONDS })
  const rest = await time(() => Promise.all(accepted.map(({ runId }) => bench.finished(runId))))
  return [
    { name: `requests in ${SECONDS} s`, value: RATE * SECONDS, unit: '' },
    { name: 'accepted, all of them completed', value: accepted.length, unit: '' },
    { name: 'refused with 429 and Retry-After', value: refused.filter(Boolean).length, unit: '' },
    { name: 'answered otherwise', value: others.length + refused.filter(seconds => !seconds).length, unit: '', aim: 0 },
    { name: '/health under the load, p95', value: percentile(health.map(({ ms }) => ms), 95), unit: 'ms', aim: 200, note: `the machine made the server ${slowdown.toFixed(1)} times slower` },
    { name: 'most memory of the server', value: mostMemory, unit: 'MB', aim: 1_000 },
    { name: 'until the last accepted course was completed', value: rest / 1000, unit: 's' },
  ]
}
