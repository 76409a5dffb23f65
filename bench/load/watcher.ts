import { setTimeout as wait } from 'node:timers/promises'

/** What a look at a server cost: its milliseconds, and its status; 0 when no answer came. */
export interface Look { ms: number, status: number }

const EVERY_MS = 150

async function look(url: string): Promise<Look> {
  const start = performance.now()
  const status = await fetch(url).then(async answer => (await answer.arrayBuffer(), answer.status), () => 0)
  return { ms: performance.now() - start, status }
}

/** A process of its own, so that what it measures is the server's time and not that of those who press it. */
const looks: Look[] = []
let goesOn = true
process.once('message', () => {
  goesOn = false
})
process.on('disconnect', () => process.exit())
process.send!('ready')
while (goesOn) {
  looks.push(await look(process.argv[2]!))
  await wait(EVERY_MS)
}
process.send!(looks)
