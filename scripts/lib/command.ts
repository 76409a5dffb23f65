import { LaunchError } from './errors.ts'

/** Shorter than the stop timeout of service managers, 30 s. */
const STOP_TIMEOUT_MS = 24_000

const PARENT_POLL_MS = 250

/** Calls back when npm exits. Its shell does not forward SIGTERM, so this process would survive it. */
export function onOrphaned(callback: () => void): void {
  if (!process.env.npm_lifecycle_event) return
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) callback()
  }, PARENT_POLL_MS).unref()
}

/**
 * Runs a command until it ends or receives SIGINT, SIGTERM or SIGHUP. Then it disposes `stack` and exits: with the
 * command's own code, with 0 after a signal, with that of a LaunchError, with 1 after any other error.
 */
export async function runCommand(body: (stack: AsyncDisposableStack) => Promise<number>): Promise<never> {
  const stack = new AsyncDisposableStack()
  const stopRequested = Promise.withResolvers<number>()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopRequested.resolve(0))
  onOrphaned(() => stopRequested.resolve(0))
  const code = await Promise.race([stopRequested.promise, body(stack)]).catch((error: unknown) => {
    console.error(error instanceof LaunchError ? `\n${error.message}` : error)
    return error instanceof LaunchError ? error.exitCode : 1
  })
  setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref()
  await stack.disposeAsync().catch((error: unknown) => console.error(error))
  process.exit(code)
}
