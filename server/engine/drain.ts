import { flushAudit } from '../ledger/audit'
import { log } from '../lib/log'
import { isDraining, startDraining } from '../lib/process'
import { flushSpans } from '../lib/tracing'
import { deregister } from './heartbeat'

/** Outside calls end within 15 s by their own timeouts; other processes continue what takes longer. */
const DRAIN_TIMEOUT_MS = 20_000
/** A database that is away must not keep a process from its end. */
const DEREGISTER_TIMEOUT_MS = 3_000

/**
 * On the first signal to end: starts no new work, and ends within 25 s even if some work is still
 * active. The server itself waits for requests and live steps.
 * @param stop is called at once: stops timers and streams
 */
export function drainOnSignal(stop: () => void): void {
  const drain = () => {
    if (isDraining()) return
    startDraining()
    stop()
    setTimeout(forceExit, DRAIN_TIMEOUT_MS).unref()
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, drain)
}

async function forceExit(): Promise<void> {
  log.warn('Some work did not end in time. Another process continues it.')
  await deregisterInTime()
  process.exit(0)
}

/** Writes the remaining entries of the audit, releases leases and jobs to other processes, and exports the last spans. */
export async function deregisterInTime(): Promise<void> {
  const written = flushAudit().then(deregister).catch((error: unknown) =>
    log.warn({ error }, 'This process could not deregister. The others will notice its end.'))
  await Promise.race([Promise.all([written, flushSpans()]), new Promise(resolve => setTimeout(resolve, DEREGISTER_TIMEOUT_MS).unref())])
}
