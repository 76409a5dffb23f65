import { comeBackFor } from '../../../ledger'
import { CRASH_PROOF } from '../../../../workflows.config'
import { removeNewestFirst } from '../things'
import type { TakeBackRef } from '../types'

/** Removes the course's channels, roles and category, the newest first. The server itself stays. */
export async function removeFromDiscord(course: TakeBackRef): Promise<void> {
  'use step'
  comeBackFor(await removeNewestFirst(course, 'DISCORD'))
}
removeFromDiscord.maxRetries = CRASH_PROOF
