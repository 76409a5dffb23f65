import { retryWhenDue } from '../../../ledger'
import { UNLIMITED_RETRIES } from '../../../../workflows.config'
import { removeNewestFirst } from '../../../courses/provisioning/rollback'
import type { RollbackRef } from '../types'

/** Removes the course's channels, roles and category, the newest first. The server itself stays. */
export async function removeFromDiscord(course: RollbackRef): Promise<void> {
  'use step'
  retryWhenDue(await removeNewestFirst(course, 'DISCORD'))
}
removeFromDiscord.maxRetries = UNLIMITED_RETRIES
