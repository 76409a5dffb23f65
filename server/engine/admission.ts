import { queueLimits } from '../lib/env'
import { TooManyRequests } from '../lib/too-many-requests'
import type { Transaction } from '../db/client'
import { countEnded, measureQueue } from './queries/fair-queue'

/** Asked to come back when so much of a full queue is done, callers find room instead of each other. */
const SHARE = 0.1
const [LEAST_SECONDS, MOST_SECONDS] = [1, 300]

/** For so long a queue that was full is taken for full still, so that a flood of refusals costs the database next to nothing. */
const REMEMBER_MS = 500
const lately = new Map<string, { refusal: TooManyRequests, until: number }>()

/** What an actor was answered a moment ago when the queue was full; undefined when it was not. */
export function cachedRejection(actor: string): TooManyRequests | undefined {
  const last = lately.get(actor)
  if (!last || last.until > Date.now()) return last?.refusal
  lately.delete(actor)
}

/**
 * Lets a run be recorded while the queue has room for it: what is accepted is done, so not more
 * may be accepted than can be done.
 * @throws TooManyRequests with the time in which a tenth of the queue will be done, at the rate of the last minute
 */
export async function admit(tx: Transaction, actor: string): Promise<void> {
  const limits = queueLimits()
  const queue = await measureQueue(tx, actor)
  if (queue.own >= limits.each) throw await refusal(actor, 'own', limits.each, 'of yours')
  if (queue.all >= limits.all) throw await refusal(actor, 'all', limits.all, 'of all users')
}

async function refusal(actor: string, whose: 'own' | 'all', limit: number, words: string): Promise<TooManyRequests> {
  const aMinute = (await countEnded(actor))[whose]
  const refusal = new TooManyRequests({
    code: 'QUEUE_FULL',
    detail: `${limit} runs ${words} wait for their turn already.`,
    why: `Atelier takes on no more than it can do; ${aMinute} runs ${words} ended in the last minute.`,
    retryAfterSeconds: secondsUntilRoom(limit, aMinute),
  })
  lately.set(actor, { refusal, until: Date.now() + REMEMBER_MS })
  return refusal
}

/** Seconds in which a share of a full queue is done at a rate a minute. */
export const secondsUntilRoom = (limit: number, aMinute: number): number =>
  Math.min(Math.max(Math.ceil(Math.ceil(limit * SHARE) / (aMinute / 60)), LEAST_SECONDS), MOST_SECONDS)
