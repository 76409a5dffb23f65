import { attempt, awaitCreations, retryWhenDue, type RunRef } from '../../../ledger'
import { UNLIMITED_RETRIES } from '../../../ledger/unlimited-retries'

/** Waits until no call of the cancelled run is in flight any more, so that everything it created is known. */
export async function awaitLastCalls(run: RunRef): Promise<void> {
  'use step'
  retryWhenDue([await attempt(run, 'AWAIT_LAST_CALLS', 'main', () => awaitCreations(run))])
}
awaitLastCalls.maxRetries = UNLIMITED_RETRIES
