import { LaunchError } from './errors.ts'

/** Everything is stopped well before a service manager's patience of 30 s ends. */
const STOP_MS = 24_000

const LOOK_MS = 250

/** Calls back when npm is gone: its shell dies of the SIGTERM that it should hand on, and leaves us behind. */
export function whenOrphaned(callback: () => void): void {
  if (!process.env.npm_lifecycle_event) return
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) callback()
  }, LOOK_MS).unref()
}

/**
 * Runs a command of ours until it ends or is told to by SIGINT, SIGTERM or SIGHUP, stops what it
 * started, and exits: with its own code, 0 when it was told to, 1 when it failed.
 */
export async function runCommand(body: (stack: AsyncDisposableStack) => Promise<number>): Promise<never> {
  const stack = new AsyncDisposableStack()
  const told = Promise.withResolvers<number>()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => told.resolve(0))
  whenOrphaned(() => told.resolve(0))
  const code = await Promise.race([told.promise, body(stack)]).catch((error: unknown) => {
    console.error(error instanceof LaunchError ? `\n${error.message}` : error)
    return 1
  })
  setTimeout(() => process.exit(1), STOP_MS).unref()
  await stack.disposeAsync().catch((error: unknown) => console.error(error))
  process.exit(code)
}
