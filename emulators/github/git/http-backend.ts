import type { HttpBindings } from '@hono/node-server'
import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { devNull } from 'node:os'
import { pipeline } from 'node:stream/promises'

export interface BackendRequest {
  /** Folder of all bare repositories. */
  root: string
  /** Path of the request below `root`. */
  path: string
  query: string
  user: string
  /** Folder of the hooks that apply to every repository. */
  hooks: string
  /** Variables for the hooks. */
  environment: Record<string, string>
  /** Runs after git, before the response ends. */
  onFinish?: () => Promise<void>
}

const CONFIG = {
  'http.receivepack': 'true',
  'uploadpack.allowFilter': 'true',
  'uploadpack.allowAnySHA1InWant': 'true',
  'receive.autogc': 'false',
  // The repositories may belong to another user of this machine.
  'safe.directory': '*',
}

const END_OF_HEAD = '\r\n\r\n'

/** Answers a git request through `git http-backend`. Both bodies are streams. */
export async function runBackend(http: HttpBindings, request: BackendRequest): Promise<void> {
  const { incoming, outgoing } = http
  const child = spawn('git', ['http-backend'], { env: environmentOf(http, request), stdio: 'pipe' })
  outgoing.once('close', () => child.kill())
  child.stderr.on('data', data => console.error(`emulator: git http-backend: ${String(data).trim()}`))
  const exit = once(child, 'close')
  // git may answer and exit before it has read the whole request.
  const sending = pipeline(incoming, child.stdin).catch(() => undefined)
  try {
    await answer(child, outgoing, request.onFinish)
  }
  catch {
    outgoing.destroy()
  }
  await Promise.allSettled([sending, exit])
}

/** Copies the CGI response: header lines, an empty line, the body. */
async function answer(
  child: ChildProcessWithoutNullStreams,
  outgoing: HttpBindings['outgoing'],
  onFinish?: () => Promise<void>,
): Promise<void> {
  let head = Buffer.alloc(0)
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    head = Buffer.concat([head, chunk as Buffer])
    if (head.includes(END_OF_HEAD)) break
  }
  const end = head.indexOf(END_OF_HEAD)
  if (end === -1) {
    outgoing.writeHead(500).end()
    return
  }
  const headers = head.subarray(0, end).toString().split('\r\n').map(line => line.split(/: */, 2) as [string, string])
  const status = headers.find(([name]) => name.toLowerCase() === 'status')?.[1]
  outgoing.writeHead(Number.parseInt(status ?? '200', 10), Object.fromEntries(headers.filter(([name]) => name.toLowerCase() !== 'status')))
  outgoing.write(head.subarray(end + END_OF_HEAD.length))
  await pipeline(child.stdout, outgoing, { end: false })
  await onFinish?.()
  outgoing.end()
}

function environmentOf({ incoming }: HttpBindings, request: BackendRequest): NodeJS.ProcessEnv {
  const config = Object.entries({ ...CONFIG, 'core.hooksPath': request.hooks })
  return {
    PATH: process.env.PATH,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_COUNT: String(config.length),
    ...Object.fromEntries(config.flatMap(([key, value], i) => [[`GIT_CONFIG_KEY_${i}`, key], [`GIT_CONFIG_VALUE_${i}`, value]])),
    GIT_PROJECT_ROOT: request.root,
    GIT_HTTP_EXPORT_ALL: '1',
    GIT_PROTOCOL: header(incoming.headers['git-protocol']),
    PATH_INFO: request.path,
    QUERY_STRING: request.query,
    REQUEST_METHOD: incoming.method,
    CONTENT_TYPE: header(incoming.headers['content-type']),
    CONTENT_LENGTH: header(incoming.headers['content-length']),
    HTTP_CONTENT_ENCODING: header(incoming.headers['content-encoding']),
    REMOTE_USER: request.user,
    REMOTE_ADDR: '127.0.0.1',
    ...request.environment,
  }
}

function header(value: string | string[] | undefined): string {
  return Array.isArray(value) ? value.join(', ') : value ?? ''
}
