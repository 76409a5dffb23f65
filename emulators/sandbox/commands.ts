import { randomUUID } from 'node:crypto'
import type { Reply } from './agent/protocol.ts'
import { notFound } from './errors.ts'
import type { Machine } from './machine.ts'
import type { CommandRecord } from './records.ts'

type Log = { stream: 'stdout' | 'stderr', data: string }
  | { stream: 'error', data: { code: string, message: string } }

/** Output beyond it is read and dropped. */
const MAX_LOG_CHARACTERS = 16 * 1024 * 1024
/** So many commands of a session are remembered. */
const MAX_COMMANDS = 200

export interface Plan {
  command: string
  args: string[]
  cwd: string
  env: Record<string, string>
  timeout?: number
}

/** A command that runs or has ended, with its output. */
export class Command {
  readonly record: CommandRecord
  readonly #machine: Machine
  readonly #request: number
  readonly #logs: Log[] = []
  readonly #followers = new Set<() => void>()
  #characters = 0
  #hasEnded = false

  constructor(machine: Machine, sessionId: string, plan: Plan) {
    const { command: name, args, cwd } = plan
    this.record = { id: `cmd_${randomUUID().replaceAll('-', '')}`, sessionId, name, args, cwd, startedAt: Date.now(), exitCode: null }
    this.#machine = machine
    this.#request = machine.ask({ op: 'run', ...plan }, reply => this.#receive(reply))
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  kill(signal: number): void {
    if (!this.#hasEnded) this.#machine.signal(this.#request, signal)
  }

  /** Resolves at its end. */
  async ended(): Promise<void> {
    for await (const _ of this.follow()) { /* The output is for others. */ }
  }

  /** All its output from the start, and what comes until its end. */
  async* follow(): AsyncGenerator<Log> {
    for (let next = 0; ;) {
      while (next < this.#logs.length) yield this.#logs[next++]!
      if (this.#hasEnded) return
      const { promise, resolve } = Promise.withResolvers<undefined>()
      const wake = () => resolve(undefined)
      this.#followers.add(wake)
      await promise
      this.#followers.delete(wake)
    }
  }

  #receive(reply: Reply | undefined): void {
    if (reply === undefined) {
      this.#logs.push({ stream: 'error', data: { code: 'sandbox_stopped', message: 'The sandbox stopped while the command ran.' } })
      this.#finish(137)
    }
    else if ('stream' in reply) this.#add(reply.stream, reply.data)
    else if ('exitCode' in reply) this.#finish(reply.exitCode)
    else if ('error' in reply) {
      this.#add('stderr', `${reply.message}\n`)
      this.#finish(126)
    }
    for (const wake of this.#followers) wake()
  }

  #add(stream: 'stdout' | 'stderr', data: string): void {
    if (this.#characters <= MAX_LOG_CHARACTERS) this.#logs.push({ stream, data })
    this.#characters += data.length
  }

  #finish(exitCode: number): void {
    this.#hasEnded = true
    Object.assign(this.record, { exitCode, durationMs: Date.now() - this.record.startedAt })
  }
}

/** The commands of one session, in the order of their start. */
export class Commands {
  readonly #all = new Map<string, Command>()

  add(command: Command): Command {
    this.#all.set(command.record.id, command)
    const old = [...this.#all.values()].find(({ hasEnded }) => hasEnded)
    if (this.#all.size > MAX_COMMANDS && old) this.#all.delete(old.record.id)
    return command
  }

  /** @throws HttpError 404 */
  get(id: string): Command {
    const command = this.#all.get(id)
    if (command === undefined) throw notFound(`The command ${id}`)
    return command
  }

  get areRunning(): boolean {
    return [...this.#all.values()].some(({ hasEnded }) => !hasEnded)
  }
}
