import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '../scripts/lib/ports.ts'
import { fromRoot } from '../scripts/lib/root.ts'
import { type Figure, formatSeconds, median } from './lib/figures.ts'

const ROUNDS = 3

/** Measures the time from `npm start` on existing data to the first healthy response. */
export async function benchStart(dataDir: string): Promise<Figure[]> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) times.push(await startOnce(dataDir))
  return [{
    name: 'start on existing data to the first healthy answer',
    value: median(times) / 1000,
    unit: 's',
    target: 2,
    note: `rounds: ${times.map(formatSeconds).join(', ')}`,
  }]
}

async function startOnce(dataDir: string): Promise<number> {
  const port = await freePort()
  const start = performance.now()
  const env = { ...process.env, ATELIER_DATA_DIR: dataDir, PORT: String(port) }
  const child = spawn(process.execPath, [fromRoot('scripts', 'start.ts')], { env, stdio: 'ignore' })
  try {
    while (!await isHealthy(port)) {
      if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}.`)
      await wait(10)
    }
    return performance.now() - start
  }
  finally {
    child.kill('SIGTERM')
    if (child.exitCode === null) await once(child, 'exit')
  }
}

const isHealthy = (port: number) => fetch(`http://127.0.0.1:${port}/health`).then(answer => answer.ok, () => false)
