import type { Transaction } from '../db/client'
import { queueLimits } from '../lib/env'
import { type TooManyRequests, tooManyRequests } from '../lib/too-many-requests'
import { countEnded, measureQueue } from './queries/fair-queue'

/** Callers that retry when this share of a full queue is done find room instead of each other. */
const SHARE = 0.1
const [MIN_SECONDS, MAX_SECONDS] = [1, 300]

/** So long a rejection is cached, so that a flood of requests costs the database next to nothing. */
const CACHE_MS = 500
const cache = new Map<string, { rejection: TooManyRequests, until: number }>()

/** What an actor was answered a moment ago when the queue was full; undefined when it was not. */
export function cachedRejection(actor: string): TooManyRequests | undefined {
  const last = cache.get(actor)
  if (!last || last.until > Date.now()) return last?.rejection
  cache.delete(actor)
}

/**
 * Lets a run be recorded while the queue has room for it: every accepted run is done, so Atelier
 * accepts no more than it can do.
 * @throws TooManyRequests with the time in which a tenth of the queue will be done, at the rate of the last minute
 */
export async function admit(tx: Transaction, actor: string): Promise<void> {
  const limits = queueLimits()
  const queue = await measureQueue(tx, actor)
  if (queue.own >= limits.each) throw await reject(actor, 'own', limits.each)
  if (queue.all >= limits.all) throw await reject(actor, 'all', limits.all)
}

async function reject(actor: string, whose: 'own' | 'all', limit: number): Promise<TooManyRequests> {
  const ended = (await countEnded(actor))[whose]
  const numbers = { limit, ended, seconds: secondsUntilRoom(limit, ended) }
  const rejection = whose === 'own' ? tooManyRequests('OWN_QUEUE_FULL', numbers) : tooManyRequests('QUEUE_FULL', numbers)
  cache.set(actor, { rejection, until: Date.now() + CACHE_MS })
  return rejection
}

/** Seconds in which a share of a full queue is done at a rate a minute. */
export const secondsUntilRoom = (limit: number, aMinute: number): number =>
  Math.min(Math.max(Math.ceil(Math.ceil(limit * SHARE) / (aMinute / 60)), MIN_SECONDS), MAX_SECONDS)
