import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { LaunchError } from './errors.ts'
import { fromRoot } from './root.ts'

/** Compiled code, of our dependencies above all: halves the time that the emulators take to start. */
export const compileCache = { NODE_COMPILE_CACHE: fromRoot('node_modules', '.cache', 'atelier', 'compiled') }

const QUICK_MS = 10_000
const QUICK_DEATHS = 3
/** What sysexits.h calls a configuration error: it has said what is wrong, and would say it again. */
const EX_CONFIG = 78

export interface ChildOptions {
  args?: string[]
  /** Options of Node itself. */
  nodeOptions?: string[]
  env: Record<string, string | undefined>
  /** File descriptor for what it prints; absent: ours. */
  output?: number
}

/**
 * Starts a script of its own session, so that Ctrl-C reaches the launcher alone and it can stop
 * everything in order. The IPC channel is the safety net: it closes when the launcher dies.
 */
export function startNode(script: string, { args = [], nodeOptions = [], env, output }: ChildOptions): ChildProcess {
  return spawn(process.execPath, [...nodeOptions, script, ...args], {
    env: { ...compileCache, ...env }, detached: true, windowsHide: true, stdio: ['ignore', output ?? 'inherit', output ?? 'inherit', 'ipc'],
  })
}

export interface Service {
  /** As it is named to people: `The server`. */
  name: string
  start: () => ChildProcess
  /** Resolves when it can be used; given up through the signal when the process dies. */
  whenReady: (child: ChildProcess, signal: AbortSignal) => Promise<void>
  /** Said when it died, after how: `runs go on where they were`. */
  comfort: string
}

export interface Supervised {
  /** The first time it can be used. */
  ready: Promise<void>
  /** Rejects when it is given up; resolves after `stop`. */
  ended: Promise<void>
  pid: () => number | undefined
  /** SIGTERM, and after `graceMs` SIGKILL, to its own children, too. */
  stop: (graceMs: number) => Promise<void>
}

interface End { code: number | null, signal: NodeJS.Signals | null }

const endOf = (child: ChildProcess) => new Promise<End>((resolve) => {
  child.once('exit', (code, signal) => resolve({ code, signal }))
  child.once('error', () => resolve({ code: 1, signal: null }))
})

function killGroup(child: ChildProcess | undefined): void {
  if (child?.pid && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL')
  else child?.kill('SIGKILL')
}

const describe = ({ code, signal }: End) => signal ? `was ended by ${signal}` : `ended with exit code ${code}`

/**
 * Keeps a process alive: whenever it ends without being asked to, it is started again. Given up
 * after three quick deaths in a row, those before it was ready or by its own fault soon after.
 */
export function supervise(service: Service, say: (line: string) => void): Supervised {
  const ready = Promise.withResolvers<undefined>()
  let stopping = false
  let child: ChildProcess | undefined
  let end: Promise<End> | undefined

  async function live(): Promise<void> {
    for (let deaths = 0; !stopping;) {
      const born = performance.now()
      child = service.start()
      end = endOf(child)
      const waiting = new AbortController()
      const isUp = await Promise.race([service.whenReady(child, waiting.signal).then(() => true), end.then(() => false)])
        .finally(() => waiting.abort())
      if (isUp) ready.resolve(undefined)
      const how = await end
      if (stopping) return
      if (how.code === EX_CONFIG) throw new LaunchError(`${service.name} cannot start with these settings; it says above what to correct.`)
      const isQuick = !isUp || (how.signal === null && performance.now() - born < QUICK_MS)
      deaths = isQuick ? deaths + 1 : 0
      if (deaths === QUICK_DEATHS) throw new LaunchError(`${service.name} ${describe(how)}, for the ${QUICK_DEATHS}rd time in a row: given up.`)
      say(`${service.name} ${describe(how)} and is started again: ${service.comfort}.`)
    }
  }

  const ended = live()
  ended.catch(ready.reject)
  ready.promise.catch(() => {})

  async function stop(graceMs: number): Promise<void> {
    stopping = true
    child?.kill('SIGTERM')
    const ends = end?.then(() => 'ended')
    if (await Promise.race([ends, wait(graceMs, 'late', { ref: false })]) === 'late') killGroup(child)
    await end
  }

  return { ready: ready.promise, ended, pid: () => child?.pid, stop }
}
