import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { serverScript } from '../lib/build.ts'
import type { FakeClock } from '../lib/faketime.ts'
import { freePort } from '../lib/ports.ts'
import { exitWithParent, startNode } from '../lib/processes.ts'

/** Time between SIGTERM and SIGKILL, as long as that of a service manager. */
const STOP_TIMEOUT_MS = 25_000
const START_TIMEOUT_MS = 60_000

/** One of several server processes on the same database. */
export interface ServerProcess {
  /** Also its role in the database. */
  name: string
  url: string
  /** Its wall clock, where libfaketime is installed. */
  clock?: FakeClock
  isAlive: () => boolean
  /** Whether it is alive, has answered since its start, and is not frozen. */
  isReady: () => boolean
  /** Starts it, and waits for its first response, healthy or not. */
  start: () => Promise<void>
  /** Sends SIGKILL. Resolves after the exit. */
  kill: () => Promise<void>
  isFrozen: () => boolean
  /** Sends SIGSTOP, and SIGCONT after that time. Its connections stay open. */
  freeze: (ms: number) => Promise<void>
  /** Sends SIGTERM. @returns milliseconds until the exit, or undefined if it needed SIGKILL after 25 s */
  stop: () => Promise<number | undefined>
}

/** Prepares a server on a free port. Its output goes to the file `<name>.log`. */
export async function createServerProcess(
  name: string,
  logDir: string,
  env: Record<string, string>,
  clock?: FakeClock,
): Promise<ServerProcess> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const log = openSync(join(logDir, `${name}.log`), 'a', 0o600)
  let child: ChildProcess | undefined
  let isReady = false
  let frozen: ChildProcess | undefined
  const isAlive = () => child !== undefined && child.exitCode === null && child.signalCode === null

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child
    if (!ending || !isAlive()) return
    const ended = once(ending, 'exit')
    isReady = false
    ending.kill(signal)
    await ended
  }

  const isFrozen = () => isAlive() && frozen === child

  return {
    name,
    url,
    clock,
    isAlive,
    isReady: () => isReady && isAlive() && !isFrozen(),
    isFrozen,
    async freeze(ms) {
      const stopped = child
      if (!isAlive() || isFrozen() || !stopped?.kill('SIGSTOP')) return
      frozen = stopped
      await wait(ms)
      stopped.kill('SIGCONT')
      if (frozen === stopped) frozen = undefined
    },
    async start() {
      if (isAlive()) return
      const started = child = startNode(serverScript, {
        nodeOptions: exitWithParent,
        env: { PATH: process.env.PATH, NODE_ENV: 'production', NITRO_HOST: '127.0.0.1', PORT: String(port), ...clock?.env, ...env },
        output: log,
      })
      const deadline = Date.now() + START_TIMEOUT_MS
      for (; Date.now() < deadline && child === started && isAlive(); await wait(50)) {
        const hasAnswered = await fetch(`${url}/health`, { signal: AbortSignal.timeout(2_000) }).then(() => true, () => false)
        if (!hasAnswered) continue
        isReady = child === started
        return
      }
    },
    kill: () => end('SIGKILL'),
    async stop() {
      const start = performance.now()
      const timeout = AbortSignal.timeout(STOP_TIMEOUT_MS)
      const forceExit = () => child?.kill('SIGKILL')
      timeout.addEventListener('abort', forceExit)
      await end('SIGTERM')
      timeout.removeEventListener('abort', forceExit)
      return timeout.aborted ? undefined : performance.now() - start
    },
  }
}
