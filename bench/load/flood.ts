import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Look } from './watcher.ts'

export interface Flood {
  url: string
  /** Keys of the users who ask, in turns. */
  apiKeys: string[]
  serverPid: number
  /** Requests a second, sent whether or not the earlier ones were answered. */
  rate: number
  seconds: number
}

export interface Flooded {
  accepted: { courseId: string, runId: string }[]
  /** Seconds after which each refused request may come again; undefined where none was said. */
  refused: (number | undefined)[]
  /** Answers that are neither, as text. */
  others: string[]
  /** Most resident memory of the server, MB. */
  mostMemory: number
  /** Looks at /health meanwhile. */
  health: Look[]
  /** How many times longer the server took than on a core of its own: what the machine's other load did. */
  slowdown: number
}

type Answers = Pick<Flooded, 'accepted' | 'refused' | 'others'>

/** Asks for far more courses than a server can make, and watches how it bears it. */
export async function flood({ url, apiKeys, serverPid, rate, seconds }: Flood): Promise<Flooded> {
  const watcher = fork(join(import.meta.dirname, 'watcher.ts'), [`${url}/health`])
  await once(watcher, 'message')
  const answers: Answers = { accepted: [], refused: [], others: [] }
  const before = scheduled(serverPid)
  let mostMemory = 0
  const asked: Promise<void>[] = []
  const start = performance.now()
  for (let n = 0; n < rate * seconds; n++) {
    const early = start + n * 1000 / rate - performance.now()
    if (early > 0) await wait(early)
    asked.push(ask(url, apiKeys[n % apiKeys.length]!, `Flood ${n}`, answers))
    if (n % rate === 0) mostMemory = Math.max(mostMemory, memory(serverPid))
  }
  await Promise.all(asked)
  mostMemory = Math.max(mostMemory, memory(serverPid))
  const after = scheduled(serverPid)
  const watched = once(watcher, 'message') as Promise<[Look[]]>
  watcher.send('enough')
  const [health] = await watched
  watcher.disconnect()
  return { ...answers, mostMemory, health, slowdown: 1 + (after.waited - before.waited) / Math.max(after.ran - before.ran, 1) }
}

async function ask(url: string, apiKey: string, name: string, { accepted, refused, others }: Answers): Promise<void> {
  try {
    const answer = await fetch(`${url}/api/courses`, {
      method: 'POST',
      headers: { 'x-api-key': apiKey, 'content-type': 'application/json', 'idempotency-key': name.replaceAll(' ', '-') },
      // One channel each: a Discord server holds 500, categories among them.
      body: JSON.stringify({ name, semester: 'flood', type: 'LECTURE', discordChannels: ['general'] }),
    })
    const text = await answer.text()
    if (answer.status === 202) {
      const { id, run } = JSON.parse(text) as { id: string, run: { id: string } }
      accepted.push({ courseId: id, runId: run.id })
    }
    else if (answer.status === 429) refused.push(Number(answer.headers.get('retry-after')) || undefined)
    else others.push(`${answer.status} ${text}`)
  }
  catch (error) {
    others.push(String(error))
  }
}

/** Resident memory of a process, MB. */
const memory = (pid: number) => Math.round(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024)

/** Nanoseconds that the main thread of a process ran, and waited for a core; elsewhere than on Linux nobody knows. https://docs.kernel.org/scheduler/sched-stats.html */
function scheduled(pid: number): { ran: number, waited: number } {
  try {
    const [ran = 0, waited = 0] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ').map(Number)
    return { ran, waited }
  }
  catch {
    return { ran: 1, waited: 0 }
  }
}
