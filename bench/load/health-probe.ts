import { setTimeout as wait } from 'node:timers/promises'

/** One request to /health: its duration, and its status; 0 without a response. */
export interface HealthSample { ms: number, status: number }

const INTERVAL_MS = 150

async function sample(url: string): Promise<HealthSample> {
  const start = performance.now()
  const status = await fetch(url).then(async answer => (await answer.arrayBuffer(), answer.status), () => 0)
  return { ms: performance.now() - start, status }
}

/** Runs in its own process, so that it measures the server's latency and not that of the load generator. */
const samples: HealthSample[] = []
let isStopped = false
process.once('message', () => {
  isStopped = true
})
process.on('disconnect', () => process.exit())
process.send!('ready')
while (!isStopped) {
  samples.push(await sample(process.argv[2]!))
  await wait(INTERVAL_MS)
}
process.send!(samples)
