import { comeBackFor } from '../../../ledger'
import { CRASH_PROOF } from '../../../../workflows.config'
import { removeNewestFirst } from '../things'
import type { TakeBackRef } from '../types'

/** Removes the course's repositories, the newest first. */
export async function removeRepos(course: TakeBackRef): Promise<void> {
  'use step'
  comeBackFor(await removeNewestFirst(course, 'GITHUB'))
}
removeRepos.maxRetries = CRASH_PROOF
