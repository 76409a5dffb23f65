import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Watched } from './watcher.ts'

export interface Flood {
  url: string
  /** Keys of the users who ask, in turns. */
  apiKeys: string[]
  serverPid: number
  /** Requests a second, sent whether or not the earlier ones were answered. */
  rate: number
  seconds: number
}

export interface Flooded extends Watched {
  accepted: { courseId: string, runId: string }[]
  /** Seconds after which each refused request may come again; undefined where none was said. */
  refused: (number | undefined)[]
  /** Answers that are neither, as text. */
  others: string[]
  /** Most resident memory of the server, MB. */
  mostMemory: number
}

/** Asks for far more courses than a server can make, and watches how it bears it. */
export async function flood({ url, apiKeys, serverPid, rate, seconds }: Flood): Promise<Flooded> {
  const watcher = fork(join(import.meta.dirname, 'watcher.ts'), ['watch', url])
  await once(watcher, 'message')
  const flooded: Omit<Flooded, keyof Watched> = { accepted: [], refused: [], others: [], mostMemory: 0 }
  const asked: Promise<void>[] = []
  const start = performance.now()
  for (let n = 0; n < rate * seconds; n++) {
    const early = start + n * 1000 / rate - performance.now()
    if (early > 0) await wait(early)
    asked.push(ask(url, apiKeys[n % apiKeys.length]!, `Flood ${n}`, flooded))
    if (n % rate === 0) flooded.mostMemory = Math.max(flooded.mostMemory, memory(serverPid))
  }
  await Promise.all(asked)
  flooded.mostMemory = Math.max(flooded.mostMemory, memory(serverPid))
  const watched = once(watcher, 'message') as Promise<[Watched]>
  watcher.send('enough')
  const [looks] = await watched
  watcher.disconnect()
  return { ...flooded, ...looks }
}

async function ask(url: string, apiKey: string, name: string, { accepted, refused, others }: Omit<Flooded, keyof Watched>): Promise<void> {
  try {
    const answer = await fetch(`${url}/api/courses`, {
      method: 'POST',
      headers: { 'x-api-key': apiKey, 'content-type': 'application/json', 'idempotency-key': name.replaceAll(' ', '-') },
      body: JSON.stringify({ name, semester: 'flood', type: 'LECTURE' }),
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
