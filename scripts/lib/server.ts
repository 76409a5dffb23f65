import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { serverScript } from './build.ts'
import { LaunchError } from './errors.ts'
import { becomesFree } from './ports.ts'
import { startNode, supervise } from './processes.ts'
import type { Supervised } from './processes.ts'
import { fromRoot } from './root.ts'

export type Mode = 'production' | 'development'

/** How long the server of a killed launcher may hold its port. */
const PATIENCE_MS = 3_000
const ANSWER_MS = 120_000

/**
 * What V8 may keep. Short-lived objects pile up to 32 MB three times over; half of that keeps an idle server 120 MB
 * smaller. Without a limit of its own it takes a large machine's memory for its to fill, and collects late: after
 * seven hundred courses 760 MB instead of 300, and not faster for it.
 */
const HEAP = ['--max-semi-space-size=16', '--max-old-space-size=768']

/** Refuses a port that somebody else has, with what to do. */
export async function checkPort(port: number): Promise<void> {
  if (await becomesFree(port, PATIENCE_MS)) return
  throw new LaunchError(`Port ${port} is taken by another program. Stop that one, or choose another port: PORT=${port + 1} npm start (or npm run demo, npm run dev).`)
}

/** Waits until `/health` answers, whatever it says: a part that is down is for the reader, and no reason to wait. */
async function whenAnswering(port: number, signal: AbortSignal): Promise<void> {
  for (const deadline = Date.now() + ANSWER_MS; ;) {
    const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal }).catch(() => undefined)
    if (answer?.headers.get('content-type')?.includes('json')) return
    signal.throwIfAborted()
    if (Date.now() > deadline) throw new LaunchError('The server has not answered for two minutes.')
    await wait(25, undefined, { signal })
  }
}

/** Starts the server, the built one or Nuxt's with hot reload, and keeps it alive. */
export function startServer(mode: Mode, port: number, env: Record<string, string | undefined>, say: (line: string) => void, output?: number): Supervised {
  return supervise({
    name: 'The server',
    comfort: 'runs go on where they were',
    start: () => startNode(mode === 'production' ? serverScript : fromRoot('node_modules', 'nuxt', 'bin', 'nuxt.mjs'), {
      // Nuxt's own server, with hot reload, holds a build besides.
      nodeOptions: [...(mode === 'production' ? HEAP : []), '--import', pathToFileURL(fromRoot('scripts', 'lib', 'die-with-launcher.ts')).href],
      args: mode === 'production' ? [] : ['dev'],
      env,
      output,
    }),
    whenReady: (_, signal) => whenAnswering(port, signal),
  }, say)
}
