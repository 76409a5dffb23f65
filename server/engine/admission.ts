import type { Transaction } from '../db/client'
import { queueLimits } from '../lib/env'
import { type TooManyRequests, tooManyRequests } from '../lib/too-many-requests'
import { countEnded, measureQueue } from './queries/fair-queue'

/** A rejected caller retries when this share of a full queue is done: then there is room for several of them. */
const SHARE = 0.1
const [MIN_SECONDS, MAX_SECONDS] = [1, 300]

/** A rejection is cached this long, so that a flood of requests costs the database next to nothing. */
const CACHE_MS = 500
const cache = new Map<string, { rejection: TooManyRequests, until: number }>()

/** The rejection that an actor got a moment ago when the queue was full; undefined when there was none. */
export function cachedRejection(actor: string): TooManyRequests | undefined {
  const last = cache.get(actor)
  if (!last || last.until > performance.now()) return last?.rejection
  cache.delete(actor)
}

/**
 * Admits a run while the queue has room for it: every accepted run is executed, so Atelier
 * accepts no more than it can process.
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
  cache.set(actor, { rejection, until: performance.now() + CACHE_MS })
  return rejection
}

/** Seconds in which a share of a full queue is done at a rate a minute. */
export const secondsUntilRoom = (limit: number, aMinute: number): number =>
  Math.min(Math.max(Math.ceil(Math.ceil(limit * SHARE) / (aMinute / 60)), MIN_SECONDS), MAX_SECONDS)
