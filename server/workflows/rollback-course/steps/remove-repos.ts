import { removeNewestFirst } from '../../../courses'
import { retryWhenDue, type RunRef } from '../../../ledger'
import { UNLIMITED_RETRIES } from '../../../ledger/unlimited-retries'

/** Removes the course's repositories, the newest first. */
export async function removeRepos(run: RunRef): Promise<void> {
  'use step'
  retryWhenDue(await removeNewestFirst(run, 'GITHUB'))
}
removeRepos.maxRetries = UNLIMITED_RETRIES
