import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { serverScript } from '../../scripts/lib/build.ts'
import { compileCache } from '../../scripts/lib/processes.ts'
import { until } from './until.ts'

/** A built server under test: a real process that can be killed and started again. */
export interface Server {
  url: string
  /** Everything it has printed. */
  output(): string
  pid(): number | undefined
  start(): Promise<void>
  /** SIGKILL, as a power cut would. */
  kill(): Promise<void>
  /** SIGTERM; @returns the exit code */
  stop(): Promise<number | null>
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** Prepares a server on a free port with an environment of its own and nothing of ours. */
export async function createServerProcess(env: Record<string, string>): Promise<Server> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let child: ChildProcess | undefined
  let output = ''

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const running = child
    if (!running || running.exitCode !== null || running.signalCode !== null) return running?.exitCode ?? null
    running.kill(signal)
    const [code] = await once(running, 'exit') as [number | null]
    return code
  }

  return {
    url,
    output: () => output,
    pid: () => child?.pid,
    async start() {
      child = spawn(process.execPath, [serverScript], {
        env: { ...compileCache, PATH: process.env.PATH, NODE_ENV: 'production', HOST: '127.0.0.1', PORT: String(port), NITRO_PORT: String(port), ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const hear = (chunk: Buffer) => {
        output += chunk.toString()
      }
      child.stdout!.on('data', hear)
      child.stderr!.on('data', hear)
      await until(async () => (await fetch(`${url}/health`)).ok, { what: () => `the server to be healthy\n${output}` })
    },
    kill: async () => {
      await end('SIGKILL')
    },
    stop: () => end('SIGTERM'),
  }
}
