import { ProviderError, providerError } from '../lib/errors'
import { isRunCancelled } from './queries/items'

/** How long the last check counts: a cancel reaches every process within this time, however long an item takes. */
const FRESH_MS = 2_000

/**
 * Runs before each outside call of an item, and throws once the item's run was cancelled.
 * Asks the database only when the last check is older than two seconds: most items are done before.
 */
export function untilCancelled(runId: string): () => Promise<void> {
  let checkedAt = performance.now()
  return async () => {
    if (performance.now() - checkedAt < FRESH_MS) return
    if (await isRunCancelled(runId)) throw providerError('RUN_CANCELLED')
    checkedAt = performance.now()
  }
}

/** Whether work ended because its run was cancelled. */
export const isCancelled = (error: unknown): boolean => error instanceof ProviderError && error.code === 'RUN_CANCELLED'
