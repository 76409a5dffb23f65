import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { EX_CONFIG, LaunchError } from './errors.ts'
import { fromRoot } from './root.ts'

/** Node's cache of compiled code. It halves the start time of the emulators. */
export const compileCache = { NODE_COMPILE_CACHE: fromRoot('node_modules', '.cache', 'atelier', 'compiled') }

/** Options of Node that end a child process when its parent dies. */
export const exitWithParent = ['--import', pathToFileURL(fromRoot('scripts', 'lib', 'exit-with-parent.ts')).href]

/** An exit within this time after the start is a quick crash. */
const QUICK_CRASH_MS = 10_000
const MAX_QUICK_CRASHES = 3

export interface ChildOptions {
  args?: string[]
  /** Options of Node itself. */
  nodeOptions?: string[]
  env: Record<string, string | undefined>
  /** File descriptor of its output. Default: the output of this process. */
  output?: number
}

/**
 * Starts a script in its own session, so that Ctrl-C reaches the launcher only, which then stops all children in
 * order. The IPC channel tells a child when the launcher dies.
 */
export function startNode(script: string, { args = [], nodeOptions = [], env, output }: ChildOptions): ChildProcess {
  return spawn(process.execPath, [...nodeOptions, script, ...args], {
    env: { ...compileCache, ...env },
    detached: true,
    windowsHide: true,
    stdio: ['ignore', output ?? 'inherit', output ?? 'inherit', 'ipc'],
  })
}

export interface Service {
  /** Its name in messages, such as `The server`. */
  name: string
  start: () => ChildProcess
  /** Resolves when it is ready. The signal aborts when the process dies. */
  whenReady: (child: ChildProcess, signal: AbortSignal) => Promise<void>
  /** The last part of the message about a restart, such as `runs continue`. */
  restartNote: string
}

export interface Supervised {
  /** Resolves when it is ready for the first time. */
  ready: Promise<void>
  /** Rejects after a crash loop. Resolves after `stop`. */
  ended: Promise<void>
  pid: () => number | undefined
  /** Sends SIGTERM and, after the timeout, SIGKILL to its whole process group. */
  stop: (timeoutMs: number) => Promise<void>
}

interface Exit { code: number | null, signal: NodeJS.Signals | null }

const exitOf = (child: ChildProcess) => new Promise<Exit>((resolve) => {
  child.once('exit', (code, signal) => resolve({ code, signal }))
  child.once('error', () => resolve({ code: 1, signal: null }))
})

function killGroup(child: ChildProcess | undefined): void {
  if (child?.pid && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL')
  else child?.kill('SIGKILL')
}

const describe = ({ code, signal }: Exit) => signal ? `was ended by ${signal}` : `ended with exit code ${code}`

/**
 * Supervises a process: restarts it whenever it exits without a `stop`. Three quick crashes in a row end the
 * supervision. A crash is quick if the process was not ready, or exited by itself soon after its start.
 */
export function supervise(service: Service, log: (line: string) => void): Supervised {
  const ready = Promise.withResolvers<undefined>()
  let isStopping = false
  let child: ChildProcess | undefined
  let exit: Promise<Exit> | undefined

  async function keepAlive(): Promise<void> {
    for (let quickCrashes = 0; !isStopping;) {
      const start = performance.now()
      child = service.start()
      exit = exitOf(child)
      const waiting = new AbortController()
      const isReady = await Promise.race([
        service.whenReady(child, waiting.signal).then(() => true),
        exit.then(() => false),
      ]).finally(() => waiting.abort())
      if (isReady) ready.resolve(undefined)
      const how = await exit
      if (isStopping) return
      if (how.code === EX_CONFIG) {
        throw new LaunchError(`${service.name} cannot start with these settings. Correct them as its message above says.`, EX_CONFIG)
      }
      const isQuick = !isReady || (how.signal === null && performance.now() - start < QUICK_CRASH_MS)
      quickCrashes = isQuick ? quickCrashes + 1 : 0
      if (quickCrashes === MAX_QUICK_CRASHES) {
        throw new LaunchError(`${service.name} ${describe(how)}, for the ${MAX_QUICK_CRASHES}rd time in a row. It is not restarted.`)
      }
      log(`${service.name} ${describe(how)} and is restarted: ${service.restartNote}.`)
    }
  }

  const ended = keepAlive()
  ended.catch(ready.reject)
  ready.promise.catch(() => {})

  async function stop(timeoutMs: number): Promise<void> {
    isStopping = true
    child?.kill('SIGTERM')
    const exited = exit?.then(() => 'exited')
    if (await Promise.race([exited, wait(timeoutMs, 'late', { ref: false })]) === 'late') killGroup(child)
    await exit
  }

  return { ready: ready.promise, ended, pid: () => child?.pid, stop }
}
