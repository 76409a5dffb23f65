import { log } from '../lib/log'
import { flushAudit } from '../ledger/audit'
import { startDraining, isDraining } from '../lib/process'
import { deregister } from './heartbeat'

/** Outside calls end within 15 s by their own timeouts; what takes longer is handed over. */
const PATIENCE_MS = 20_000
/** A database that is away must not keep a process from its end. */
const FAREWELL_MS = 3_000

/**
 * On the first signal to end: begins no new work, and ends within 25 s, whatever is still under
 * way then. Requests and live steps are waited for by the server itself.
 * @param hush is called at once: stops what would go on by itself
 */
export function drainOnSignal(hush: () => void): void {
  const begin = () => {
    if (isDraining()) return
    startDraining()
    hush()
    setTimeout(forceExit, PATIENCE_MS).unref()
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, begin)
}

async function forceExit(): Promise<void> {
  log.warn('Not everything has ended in time; the rest goes on in another process.')
  await leaveInTime()
  process.exit(0)
}

/** Writes what is left to be written down, and gives leases and jobs back to those who live on. */
export async function leaveInTime(): Promise<void> {
  const written = flushAudit().then(deregister)
    .catch(error => log.warn({ error }, 'This process could not say that it ends; the others will see it.'))
  await Promise.race([written, new Promise(resolve => setTimeout(resolve, FAREWELL_MS).unref())])
}
