import { attempt, awaitCreations, retryWhenDue, type RunRef } from '../../../server/ledger'
import { UNLIMITED_RETRIES } from '../../../server/ledger/unlimited-retries'

/** Waits until no call of the cancelled run is out any more. */
export async function awaitCalls(run: RunRef): Promise<void> {
  'use step'
  retryWhenDue([await attempt(run, 'AWAIT_DEMO_CALLS', 'main', () => awaitCreations(run))])
}
awaitCalls.maxRetries = UNLIMITED_RETRIES
