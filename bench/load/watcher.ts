import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** What a look at a server cost: its milliseconds, and its status; 0 when no answer came. */
export interface Look { ms: number, status: number }
export interface Watched { health: Look[], bare: Look[] }

const EVERY_MS = 150

async function look(url: string): Promise<Look> {
  const start = performance.now()
  const status = await fetch(url).then(async answer => (await answer.arrayBuffer(), answer.status), () => 0)
  return { ms: performance.now() - start, status }
}

/** In a process of its own, so that what it measures is the server's time and not that of those who press it. */
if (process.argv[2] === 'bare') {
  const server = createServer((_, answer) => answer.end('{}')).listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port))
  process.on('disconnect', () => process.exit())
}
else if (process.argv[2] === 'watch') {
  const watched: Watched = { health: [], bare: [] }
  // The same look at a server that does nothing tells what the machine itself makes of it.
  const bare = fork(import.meta.filename, ['bare'])
  const [port] = await once(bare, 'message') as [number]
  let goesOn = true
  process.once('message', () => {
    goesOn = false
  })
  process.on('disconnect', () => process.exit())
  process.send!('ready')
  while (goesOn) {
    watched.health.push(await look(`${process.argv[3]}/health`))
    watched.bare.push(await look(`http://127.0.0.1:${port}/`))
    await wait(EVERY_MS)
  }
  process.send!(watched)
}
