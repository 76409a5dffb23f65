import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { residentMemory } from '../lib/memory.ts'
import type { HealthSample } from './health-probe.ts'

export interface LoadOptions {
  url: string
  /** Keys of the users. The requests use them in turn. */
  apiKeys: string[]
  serverPid: number
  /** Requests per second, independent of the responses (open loop). */
  rate: number
  seconds: number
  /** Whether every second request reads. */
  mixed?: boolean
}

export interface LoadResult {
  accepted: { courseId: string, runId: string }[]
  /** `Retry-After` of each refused request in seconds, undefined if it is missing. */
  refused: (number | undefined)[]
  /** All other responses, as text. */
  others: string[]
  /** Milliseconds until each answer: of reads, of accepted and of refused requests for a course. */
  waits: Record<'reads' | 'accepted' | 'refused', number[]>
  /** Peak resident memory of the server, MB. */
  peakMemory: number
  /** Samples of /health during the load. */
  health: HealthSample[]
  /** How much longer the server took than on its own core, because of other load on the machine. */
  slowdown: number
}

type Answers = Pick<LoadResult, 'accepted' | 'refused' | 'others' | 'waits'>

const READS = ['/api/courses', '/api/runs?pageSize=20', '/api/audit?pageSize=20', '/api/session']

/** Requests far more courses than a server can provision, and measures the server meanwhile. */
export async function generateLoad({ url, apiKeys, serverPid, rate, seconds, mixed = false }: LoadOptions): Promise<LoadResult> {
  const probe = fork(join(import.meta.dirname, 'health-probe.ts'), [`${url}/health`])
  await once(probe, 'message')
  const answers: Answers = { accepted: [], refused: [], others: [], waits: { reads: [], accepted: [], refused: [] } }
  const before = schedulerTimes(serverPid)
  let peakMemory = 0
  const requests: Promise<void>[] = []
  const start = performance.now()
  for (let n = 0; n < rate * seconds; n++) {
    const waitMs = start + n * 1000 / rate - performance.now()
    if (waitMs > 0) await wait(waitMs)
    const apiKey = apiKeys[n % apiKeys.length]!
    requests.push(mixed && n % 2 ? read(url + READS[n % 8 >> 1]!, apiKey, answers) : requestCourse(url, apiKey, `Load ${n}`, answers))
    if (n % rate === 0) peakMemory = Math.max(peakMemory, residentMemory(serverPid))
  }
  await Promise.all(requests)
  peakMemory = Math.max(peakMemory, residentMemory(serverPid))
  const after = schedulerTimes(serverPid)
  const samples = once(probe, 'message') as Promise<[HealthSample[]]>
  probe.send('stop')
  const [health] = await samples
  probe.disconnect()
  const slowdown = 1 + (after.waited - before.waited) / Math.max(after.ran - before.ran, 1)
  return { ...answers, peakMemory, health, slowdown }
}

async function read(url: string, apiKey: string, { others, waits }: Answers): Promise<void> {
  const start = performance.now()
  try {
    const answer = await fetch(url, { headers: { 'x-api-key': apiKey } })
    const text = await answer.text()
    waits.reads.push(performance.now() - start)
    if (answer.status !== 200 && answer.status !== 429) others.push(`${answer.status} ${text}`)
  }
  catch (error) {
    others.push(String(error))
  }
}

async function requestCourse(
  url: string,
  apiKey: string,
  name: string,
  { accepted, refused, others, waits }: Answers,
): Promise<void> {
  const start = performance.now()
  try {
    const answer = await fetch(`${url}/api/courses`, {
      method: 'POST',
      headers: {
        'x-api-key': apiKey,
        'content-type': 'application/json',
        'idempotency-key': name.replaceAll(' ', '-'),
      },
      // One channel each, because a Discord server has at most 500, including categories.
      body: JSON.stringify({ name, semester: 'load', type: 'LECTURE', discordChannels: ['general'] }),
    })
    const text = await answer.text()
    const ms = performance.now() - start
    if (answer.status === 202) {
      waits.accepted.push(ms)
      const { id, run } = JSON.parse(text) as { id: string, run: { id: string } }
      accepted.push({ courseId: id, runId: run.id })
    }
    else if (answer.status === 429) {
      waits.refused.push(ms)
      refused.push(Number(answer.headers.get('retry-after')) || undefined)
    }
    else others.push(`${answer.status} ${text}`)
  }
  catch (error) {
    others.push(String(error))
  }
}

/**
 * Nanoseconds that the main thread of a process ran, and waited for a core. Only Linux has them.
 * https://docs.kernel.org/scheduler/sched-stats.html
 */
function schedulerTimes(pid: number): { ran: number, waited: number } {
  try {
    const [ran = 0, waited = 0] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ').map(Number)
    return { ran, waited }
  }
  catch {
    return { ran: 1, waited: 0 }
  }
}
