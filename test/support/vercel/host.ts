import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { createServer, request as callHttp } from 'node:http'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { vercelOutput } from '../../../scripts/lib/build.ts'

export interface OutputConfig {
  routes: { src?: string, dest?: string, handle?: string, headers?: Record<string, string>, continue?: boolean }[]
  crons?: { path: string, schedule: string }[]
}

export const readConfig = () => JSON.parse(readFileSync(join(vercelOutput, 'config.json'), 'utf8')) as OutputConfig

/** Where Vercel would send a request: the folder of a function, or undefined for none. */
export function functionOf(path: string, { routes }: OutputConfig = readConfig()): string | undefined {
  for (const { src, dest } of routes) {
    if (!src || !dest || !new RegExp(`^(?:${src.replace(/\(\?<\w+>/g, '(?:')})$`).test(path)) continue
    const folder = join(vercelOutput, 'functions', `${dest.split('?')[0]!.replace(/^\//, '') || 'index'}.func`)
    if (existsSync(folder)) return realpathSync(folder)
  }
  return undefined
}

export interface VercelHost {
  url: string
  /** Everything that the functions have printed, each line after the name of its function. */
  output(): string
  /** Names of the functions that were called. */
  called(): string[]
  /** SIGKILL to a function, in the middle of whatever it does; the next request gets a fresh one. */
  kill(name: string): void
  close(): Promise<void>
}

/**
 * Serves a build for Vercel: routes requests by its config.json to its functions, each in a process
 * of its own. What Vercel itself brings, its queue for one, is for the caller to put in the environment.
 */
export async function startVercelHost(env: (url: string) => Record<string, string>): Promise<VercelHost> {
  const functions = new Map<string, { child: ChildProcess, port: Promise<number> }>()
  let output = ''

  function start(folder: string): Promise<number> {
    const running = functions.get(folder)
    if (running && running.child.exitCode === null && running.child.signalCode === null) return running.port
    const name = basename(folder, '.func')
    const child = fork(fileURLToPath(new URL('function.ts', import.meta.url)), [folder], {
      env: { PATH: process.env.PATH, NODE_ENV: 'production', ...env(url) }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [],
    })
    const hear = (chunk: Buffer) => {
      output += chunk.toString().replace(/^(?=.)/gm, `${name}: `)
    }
    child.stdout!.on('data', hear)
    child.stderr!.on('data', hear)
    const port = Promise.race([
      once(child, 'message').then(([port]) => port as number),
      once(child, 'exit').then(() => Promise.reject(new Error(`The function ${name} ended:\n${output}`))),
    ])
    functions.set(folder, { child, port })
    return port
  }

  const config = readConfig()
  const server = createServer((request, response) => {
    const fail = (status: number, why: unknown) => {
      if (!response.headersSent) response.writeHead(status)
      response.end(String(why))
    }
    const folder = functionOf(request.url!.split('?')[0]!, config)
    if (!folder) return fail(404, 'No such function.')
    start(folder).then((port) => {
      const onward = callHttp({
        port, host: '127.0.0.1', path: request.url, method: request.method,
        headers: { ...request.headers, 'x-forwarded-proto': 'https' },
      }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers)
        answer.pipe(response)
        answer.on('error', () => response.destroy())
      })
      onward.on('error', error => fail(502, error))
      response.on('close', () => onward.destroy())
      request.pipe(onward)
    }, error => fail(500, error))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`

  const childOf = (name: string) => [...functions].find(([folder]) => basename(folder, '.func') === name)?.[1].child
  return {
    url,
    output: () => output,
    called: () => [...functions.keys()].map(folder => basename(folder, '.func')),
    kill: name => void childOf(name)?.kill('SIGKILL'),
    async close() {
      server.closeAllConnections()
      server.close()
      await Promise.all([...functions.values()].map(async ({ child }) => {
        if (child.exitCode !== null || child.signalCode !== null) return
        child.kill('SIGKILL')
        await once(child, 'exit')
      }))
    },
  }
}
