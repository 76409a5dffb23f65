import { retryWhenDue } from '../../../ledger'
import { UNLIMITED_RETRIES } from '../../../../workflows.config'
import { removeNewestFirst } from '../../../courses/provisioning/rollback'
import type { RollbackRef } from '../types'

/** Removes the course's repositories, the newest first. */
export async function removeRepos(course: RollbackRef): Promise<void> {
  'use step'
  retryWhenDue(await removeNewestFirst(course, 'GITHUB'))
}
removeRepos.maxRetries = UNLIMITED_RETRIES
