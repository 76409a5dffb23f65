import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { serverScript } from '../lib/build.ts'
import { freePort } from '../lib/ports.ts'
import { startNode } from '../lib/processes.ts'
import { fromRoot } from '../lib/root.ts'

/** As long as a service manager waits before it kills. */
const STOP_MS = 25_000
const BOOT_MS = 60_000

/** One of the servers behind the same database. */
export interface Process {
  /** Its role in the database. */
  name: string
  url: string
  lives: () => boolean
  /** Whether it lives and has answered since it was started. */
  isUp: () => boolean
  /** Starts it and waits until it answers, healthy or not. */
  start: () => Promise<void>
  /** SIGKILL; resolves when it is gone. */
  kill: () => Promise<void>
  /** SIGTERM; @returns milliseconds until it was gone, or undefined when it had to be killed after 25 s */
  stop: () => Promise<number | undefined>
}

const dieWithUs = pathToFileURL(fromRoot('scripts', 'lib', 'die-with-launcher.ts')).href

/** Prepares a server on a free port; what it prints goes into a file of its name. */
export async function createProcess(name: string, dataDir: string, env: Record<string, string>): Promise<Process> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const log = openSync(join(dataDir, `${name}.log`), 'a', 0o600)
  let child: ChildProcess | undefined
  let isUp = false
  const lives = () => child !== undefined && child.exitCode === null && child.signalCode === null

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child
    if (!ending || !lives()) return
    const ended = once(ending, 'exit')
    isUp = false
    ending.kill(signal)
    await ended
  }

  return {
    name,
    url,
    lives,
    isUp: () => isUp && lives(),
    async start() {
      if (lives()) return
      const started = child = startNode(serverScript, {
        nodeOptions: ['--import', dieWithUs],
        env: { PATH: process.env.PATH, NODE_ENV: 'production', NITRO_HOST: '127.0.0.1', PORT: String(port), ...env },
        output: log,
      })
      for (const deadline = Date.now() + BOOT_MS; Date.now() < deadline && child === started && lives(); await wait(50))
        if (await fetch(`${url}/health`, { signal: AbortSignal.timeout(2_000) }).then(() => true, () => false)) {
          isUp = child === started
          return
        }
    },
    kill: () => end('SIGKILL'),
    async stop() {
      const start = performance.now()
      const late = AbortSignal.timeout(STOP_MS)
      const killLate = () => child?.kill('SIGKILL')
      late.addEventListener('abort', killLate)
      await end('SIGTERM')
      late.removeEventListener('abort', killLate)
      return late.aborted ? undefined : performance.now() - start
    },
  }
}
