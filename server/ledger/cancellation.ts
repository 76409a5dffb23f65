import { isRunCancelled } from '../engine/queries/cancellation'
import { ProviderError } from '../lib/errors'

/** For so long what was seen of a run holds: a cancel reaches every process within it, however long a thing takes to make. */
const FRESH_MS = 2_000

/**
 * Is asked before each outside call of an item, and throws once the item's run was cancelled.
 * Asks the database only when the last look is a while ago: most items are done before.
 */
export function untilCancelled(runId: string): () => Promise<void> {
  let seenAt = performance.now()
  return async () => {
    if (performance.now() - seenAt < FRESH_MS) return
    if (await isRunCancelled(runId)) throw cancelled()
    seenAt = performance.now()
  }
}

/** Whether work ended because its run was cancelled. */
export const isCancelled = (error: unknown): boolean => error instanceof ProviderError && error.code === 'RUN_CANCELLED'

/** Retryable, as a call that was not made tells nothing of those before it. */
const cancelled = () => new ProviderError({
  code: 'RUN_CANCELLED',
  message: 'The run was cancelled.',
  why: 'Somebody cancelled it while this was under way.',
  fix: 'Nothing; a retry makes what is missing.',
  retryable: true,
})
