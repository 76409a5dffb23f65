import pLimit from 'p-limit'
import type { Bench } from '../lib/bench.ts'
import { type Figure, percentile, time } from '../lib/figures.ts'
import { separateCores } from '../lib/cores.ts'
import { generateLoad } from './generator.ts'

const RATE = 60
const SECONDS = 30
const LONGEST_WAIT_MS = 2_000
/** A key has twenty event streams. */
const following = pLimit(10)

/**
 * Sends more than the server can handle, half of it reads, from a core of its own, and measures responses, memory and the
 * backlog.
 */
export async function benchLoad(bench: Bench): Promise<Figure[]> {
  await bench.reset()
  await bench.latency(0)
  const { launched, url } = bench
  const isApart = separateCores()
  const options = { url, apiKeys: [launched.apiKey ?? ''], serverPid: launched.serverPid()!, rate: RATE, seconds: SECONDS, mixed: true }
  const { accepted, refused, others, waits, health, slowdown, peakMemory } = await generateLoad(options)
  const backlogMs = await time(() => Promise.all(accepted.map(({ runId }) => following(() => bench.waitForRun(runId)))))
  return [
    {
      name: `requests in ${SECONDS} s, half of them for courses`, value: RATE * SECONDS, unit: '',
      note: isApart ? 'from a core of their own' : 'from the cores of the server: taskset is not installed',
    },
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
    { name: 'longest wait for a 429', value: Math.max(0, ...waits.refused), unit: 'ms', target: LONGEST_WAIT_MS },
    { name: 'longest wait for a 202', value: Math.max(0, ...waits.accepted), unit: 'ms', target: LONGEST_WAIT_MS },
    { name: 'reads, p95', value: percentile(waits.reads, 95), unit: 'ms' },
    { name: 'peak memory of the server', value: peakMemory, unit: 'MB', target: 1_000 },
    { name: 'until the last accepted course had completed', value: backlogMs / 1000, unit: 's' },
  ]
}
