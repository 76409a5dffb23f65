import { setTimeout as wait } from 'node:timers/promises'
import { serverScript } from './build.ts'
import { LaunchError } from './errors.ts'
import { waitUntilFree } from './ports.ts'
import { exitWithParent, startNode, supervise } from './processes.ts'
import type { Supervised } from './processes.ts'
import { fromRoot } from './root.ts'

export type Mode = 'production' | 'development'

/** The server of a killed launcher may hold its port for a moment. */
const PORT_TIMEOUT_MS = 3_000
const READY_TIMEOUT_MS = 120_000

/**
 * Limits of V8's heap. The default young generation holds 32 MB three times; half of it makes an idle server 120 MB
 * smaller. The default old generation grows with the machine's memory: after seven hundred courses it has 760 MB
 * instead of 300 MB, without being faster.
 */
const HEAP = ['--max-semi-space-size=16', '--max-old-space-size=768']

/** @throws LaunchError if another program uses the port */
export async function checkPort(port: number): Promise<void> {
  if (await waitUntilFree(port, PORT_TIMEOUT_MS)) return
  throw new LaunchError(
    `Port ${port} is taken by another program. Stop that program, `
    + `or choose another port: PORT=${port + 1} npm start (or npm run demo, npm run dev).`,
  )
}

/** Waits until `/health` answers with any status: an unhealthy server is ready, too, and shows what is wrong. */
async function waitUntilReady(port: number, signal: AbortSignal): Promise<void> {
  for (const deadline = Date.now() + READY_TIMEOUT_MS; ;) {
    const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal }).catch(() => undefined)
    if (answer?.headers.get('content-type')?.includes('json')) return
    signal.throwIfAborted()
    if (Date.now() > deadline) throw new LaunchError('The server has not answered for two minutes. Read its log, and start it again.')
    await wait(25, undefined, { signal })
  }
}

export interface ServerOptions {
  mode: Mode
  port: number
  env: Record<string, string | undefined>
  log: (line: string) => void
  /** File descriptor of its output. Default: the output of this process. */
  output?: number
}

/** Starts and supervises the server: the built one, or Nuxt's development server with hot reload. */
export function startServer({ mode, port, env, log, output }: ServerOptions): Supervised {
  const isProduction = mode === 'production'
  return supervise({
    name: 'The server',
    restartNote: 'runs continue',
    start: () => startNode(isProduction ? serverScript : fromRoot('node_modules', 'nuxt', 'bin', 'nuxt.mjs'), {
      // Nuxt's development server also holds a build, so it has no heap limit.
      nodeOptions: [...isProduction ? HEAP : [], ...exitWithParent],
      args: isProduction ? [] : ['dev'],
      env,
      output,
    }),
    whenReady: (_, signal) => waitUntilReady(port, signal),
  }, log)
}
