import { timingSafeEqual } from 'node:crypto'
import { getRequestHeader, type H3Event } from 'h3'
import { cronSecret } from '../lib/env'
import { sha256 } from './access'
import { problem } from './problem'

/**
 * Authorizes the scheduler of a platform. https://vercel.com/docs/cron-jobs/manage-cron-jobs#securing-cron-jobs
 * @throws 401 for every other caller, and for all while there is no CRON_SECRET
 */
export function authorizeScheduler(event: H3Event): void {
  const secret = cronSecret()
  const given = getRequestHeader(event, 'authorization') ?? ''
  // Compared by digests of one length, in constant time.
  if (!secret || !timingSafeEqual(Buffer.from(sha256(given)), Buffer.from(sha256(`Bearer ${secret}`)))) throw problem('SCHEDULER_ONLY')
}
