import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Reply, Request } from './agent/protocol.ts'
import { agentInside, enclosed, type Enclosure } from './bubblewrap.ts'
import { HttpError } from '../core/http-error.ts'
import { isObject } from '../core/types.ts'
import { errorBody } from './errors.ts'

const AGENT = fileURLToPath(new URL('agent/agent.ts', import.meta.url))

/** Longer than any part of an answer. */
const MAX_LINE = 8 * 1024 * 1024

type Asked = Request extends infer One ? One extends Request ? Omit<One, 'id'> : never : never

/** The running part of a sandbox: its agent, and everything that the agent starts. It ends with this process. */
export class Machine {
  readonly #child: ChildProcess
  readonly #listeners = new Map<number, (reply: Reply | undefined) => void>()
  #next = 1
  #rest = ''
  #hasEnded = false

  constructor(enclosure: Enclosure, isIsolated: boolean) {
    const [program, ...args] = isIsolated ? enclosed(enclosure, agentInside) : [process.execPath, AGENT, enclosure.root]
    this.#child = spawn(program, args, {
      // Nothing of this process's own environment.
      env: { PATH: process.env.PATH }, detached: true, stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => this.#read(text))
    this.#child.stdin!.on('error', () => {})
    this.#child.once('error', () => this.#end())
    this.#child.once('close', () => this.#end())
  }

  get pid(): number | undefined {
    return this.#hasEnded ? undefined : this.#child.pid
  }

  /** Resolves when the agent answers. @returns false when it could not start */
  started(): Promise<boolean> {
    return new Promise(resolve => this.#listeners.set(0, reply => resolve(reply !== undefined)))
  }

  /**
   * Asks the agent for something.
   * @param listener gets each part of the answer, and undefined when the sandbox ended before the last one
   * @returns the id of the request
   */
  ask(request: Asked, listener: (reply: Reply | undefined) => void): number {
    const id = this.#next++
    if (this.#hasEnded) {
      listener(undefined)
      return id
    }
    this.#listeners.set(id, listener)
    this.#child.stdin!.write(`${JSON.stringify({ ...request, id })}\n`)
    return id
  }

  /** Sends a signal to the command of a request. */
  signal(id: number, signal: number): void {
    if (!this.#hasEnded) this.#child.stdin!.write(`${JSON.stringify({ op: 'kill', id, signal })}\n`)
  }

  /** Asks for something that answers once. @throws HttpError when the sandbox refuses it, or ends */
  async run(request: Asked): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>()
    this.ask(request, (reply) => {
      const error = errorOf(reply)
      if (error) reject(error)
      else resolve(undefined)
    })
    await promise
  }

  /** Ends everything that runs in it. */
  async stop(): Promise<void> {
    if (this.#hasEnded) return
    const closed = once(this.#child, 'close')
    // The agent of a plain folder ends its commands itself; a sandbox ends as a whole with its first process.
    this.#child.stdin!.end()
    const timer = setTimeout(() => this.#kill(), 500)
    await closed
    clearTimeout(timer)
  }

  #kill(): void {
    try {
      process.kill(-this.#child.pid!, 'SIGKILL')
    }
    catch {
      // It has ended.
    }
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    if (this.#rest.length > MAX_LINE) return this.#kill()
    for (const line of lines) {
      const reply = parse(line)
      // A command may write where its agent does. What it says then concerns its own sandbox alone, and ends it here.
      if (reply === undefined) return this.#kill()
      const listener = this.#listeners.get(reply.id)
      if ('done' in reply || 'exitCode' in reply || 'error' in reply) this.#listeners.delete(reply.id)
      listener?.(reply)
    }
  }

  #end(): void {
    this.#hasEnded = true
    for (const listener of this.#listeners.values()) listener(undefined)
    this.#listeners.clear()
  }
}

function parse(line: string): Reply | undefined {
  try {
    const reply: unknown = JSON.parse(line)
    return isObject(reply) && typeof reply.id === 'number' ? reply as Reply : undefined
  }
  catch {
    return undefined
  }
}

/** What an answer refuses, as the service says it. */
export function errorOf(reply: Reply | undefined): HttpError | undefined {
  if (reply === undefined) return new HttpError(410, errorBody(410, 'The sandbox has stopped.'))
  if (!('error' in reply)) return undefined
  const status = reply.error === 'not_found' ? 404 : 400
  return new HttpError(status, errorBody(status, reply.message))
}
