import { removeNewestFirst } from '../../../courses'
import { retryWhenDue, type RunRef } from '../../../ledger'
import { UNLIMITED_RETRIES } from '../../../ledger/unlimited-retries'

/** Removes the course's channels, roles and category, the newest first. The server itself stays. */
export async function removeFromDiscord(run: RunRef): Promise<void> {
  'use step'
  retryWhenDue(await removeNewestFirst(run, 'DISCORD'))
}
removeFromDiscord.maxRetries = UNLIMITED_RETRIES
