import { setTimeout as sleep } from 'node:timers/promises'
import type { Acquire } from '../lib/rate-limits/rate-limited'
import { thisProcess } from '../lib/process'
import type { AcquireRequest } from './capacity'
import { rateLimitedError } from './errors'
import { RateLimiter } from './limiter'
import { releaseProcess } from './permits'
import { listLimiterIds, readState, writeState } from './queries'

/** A shorter wait happens inside the step. For a longer one the item is postponed in the database. */
const MAX_INLINE_WAIT_MS = 2_000
/** An attempt that has made calls waits for longer: it would have to make them again. */
const MAX_BEGUN_WAIT_MS = 5_000
/** The caller of what a person only looks at. It takes what runs leave. */
export const LOOK = 'look'
/** Every call ends within 15 s, by its client's own timeout; the rest is a margin. */
const MAX_CALL_MS = 20_000

// In development, steps are bundled apart from the server: so the process, not the module, holds the limiters.
const shared = globalThis as typeof globalThis & { __atelierRateLimiters?: Map<string, RateLimiter> }

function limiterOf(limiterId: string): RateLimiter {
  const limiters = shared.__atelierRateLimiters ??= new Map<string, RateLimiter>()
  const limiter = limiters.get(limiterId) ?? new RateLimiter(limiterId)
  limiters.set(limiterId, limiter)
  return limiter
}

/**
 * Acquires capacity for the calls of one attempt. It grants a call when all processes together stay within what
 * the provider allows. Otherwise it waits for a moment, or throws RATE_LIMITED with the time to wait.
 * @param caller the same in every attempt at the same item: by it the caller keeps its reservations; LOOK where only a person looks
 */
export function acquireFor(caller: string): Acquire {
  /** What this attempt has taken, by rate limiter and kind of rule. */
  const spentAt = new Map<string, Record<string, number>>()
  return async ({ service, limiterId, rules, action, weights, calls, route, sharedBy }) => {
    const limiter = limiterOf(limiterId)
    const spent = spentAt.get(limiterId)
    const maxWaitMs = spent ? MAX_BEGUN_WAIT_MS : MAX_INLINE_WAIT_MS
    const request: AcquireRequest = {
      key: `${sharedBy ?? caller} ${action}`,
      caller,
      isLook: caller === LOOK,
      spent,
      process: shortId(thisProcess().id),
      rules,
      weights,
      calls,
      maxDurationMs: MAX_CALL_MS * calls,
      route,
    }
    for (const deadline = performance.now() + maxWaitMs; ;) {
      const leftMs = deadline - performance.now()
      const response = await limiter.acquire({ ...request, maxWaitMs: leftMs })
      if (response.granted) {
        spentAt.set(limiterId, sumOf(spentAt.get(limiterId), weights))
        return feedback => limiter.release(response.permit, feedback)
      }
      if (response.waitMs > leftMs && !response.mustStay) throw rateLimitedError(service, response.rule, response.waitMs)
      await sleep(response.waitMs)
    }
  }
}

const sumOf = (some: Record<string, number> = {}, more: Record<string, number>) =>
  Object.fromEntries(Object.keys({ ...some, ...more }).map(kind => [kind, (some[kind] ?? 0) + (more[kind] ?? 0)]))

/** Short, because the state holds one for each call in flight. */
const shortId = (processId: string) => processId.slice(0, 8)

/**
 * Ends the calls that a process had in flight when it died or left, so that they hold nobody up any more.
 * @param endedMsAgo the calls count as answered this long ago
 */
export async function releaseCallsOf(processId: string, endedMsAgo: number): Promise<void> {
  for (const limiterId of await listLimiterIds()) {
    for (let writtenAt: number | undefined; writtenAt === undefined;) {
      const { version, state, at } = await readState(limiterId)
      releaseProcess(state, shortId(processId), at - endedMsAgo)
      writtenAt = await writeState(limiterId, version, state)
    }
  }
}
