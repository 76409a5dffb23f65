import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { serverScript } from '../../scripts/lib/build.ts'
import { freePort } from '../../scripts/lib/ports.ts'
import { compileCache } from '../../scripts/lib/processes.ts'
import { fromRoot } from '../../scripts/lib/root.ts'
import { until } from './until.ts'

/** A built server under test: a real process that can be killed and started again. */
export interface Server {
  /** Where it is reached. The port may be another one until the first start has succeeded. */
  readonly url: string
  /** Everything it has printed. */
  output(): string
  pid(): number | undefined
  start(): Promise<void>
  /** SIGKILL, as a power cut would. */
  kill(): Promise<void>
  /** SIGTERM; @returns the exit code */
  stop(): Promise<number | null>
}

/** A worker that was killed itself takes its servers along. */
const dieWithUs = pathToFileURL(fromRoot('scripts', 'lib', 'exit-with-parent.ts')).href

/** A port that was free may be somebody else's by the time the server listens; it ends then. */
const STARTS = 5
const PAUSE_MS = 200

const lives = (child: ChildProcess) => child.exitCode === null && child.signalCode === null

/**
 * Prepares a server on a free port with an environment of its own and nothing of ours.
 * @param onPort is told the port before each start
 */
export async function createServerProcess(
  env: Record<string, string>, onPort: (port: number) => void = () => {}, script = serverScript,
): Promise<Server> {
  let port = await freePort()
  let hasRun = false
  let child: ChildProcess | undefined
  let output = ''
  const url = () => `http://127.0.0.1:${port}`

  /** Starts the process; @returns whether it came to listen */
  async function launch(): Promise<boolean> {
    onPort(port)
    const begin = output.length
    const started = child = spawn(process.execPath, ['--import', dieWithUs, script], {
      env: {
        ...compileCache, PATH: process.env.PATH, NODE_ENV: 'production',
        HOST: '127.0.0.1', PORT: String(port), NITRO_PORT: String(port), ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    })
    const hear = (chunk: Buffer) => {
      output += chunk.toString()
    }
    started.stdout!.on('data', hear)
    started.stderr!.on('data', hear)
    // Another server on that port would be healthy, too.
    const listens = () => output.includes('Listening on', begin)
    await until(async () => !lives(started) || (listens() && (await fetch(`${url()}/health`)).ok), {
      what: () => `the server to be healthy\n${output}`,
    })
    return listens()
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const running = child
    if (!running || !lives(running)) return running?.exitCode ?? null
    const exit = once(running, 'exit')
    running.kill(signal)
    const [code] = await exit as [number | null]
    return code
  }

  return {
    get url() {
      return url()
    },
    output: () => output,
    pid: () => child?.pid,
    async start() {
      for (let starts = 1; !await launch(); starts++) {
        const { exitCode, signalCode } = child!
        if (exitCode !== 1 || starts === STARTS) throw new Error(`The server ended as it started (${signalCode ?? exitCode}):\n${output}`)
        // Who has seen it keeps to its address: it can only wait for its port.
        if (hasRun) await sleep(PAUSE_MS)
        else port = await freePort()
      }
      hasRun = true
    },
    kill: async () => {
      await end('SIGKILL')
    },
    stop: () => end('SIGTERM'),
  }
}
