import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, it } from 'vitest'
import type { ProviderError } from '../../../../server/lib/errors.ts'
import type { RateLimitCost } from '../../../../server/lib/rate-limits/cost.ts'
import { acquireFor } from '../../../../server/rate-limits/acquire.ts'
import type { RateLimiter } from '../../../../server/rate-limits/limiter.ts'
import { findState } from '../../../../server/rate-limits/queries.ts'
import { until } from '../../../support/until.ts'
import { useDatabase } from '../support/database.ts'
import { rule } from '../support/rate-limits.ts'

/** Callers of several processes, which share nothing but the state in the database, each with several calls to make. */
useDatabase()

const WINDOW_MS = 200
const PROCESSES = 3
const CALLS = 3
const ANSWER_MS = 20
/** The runtime repeats a postponed item up to a second late. */
const MAX_LATE_MS = 1_000

const shared = globalThis as { __atelierRateLimiters?: Map<string, RateLimiter> }
/** The rate limiters of each process: a request is sent before the process is left, so the next one may have its turn. */
const limitersOf = Array.from({ length: PROCESSES }, () => new Map<string, RateLimiter>())
function as<T>(process: number, work: () => T): T {
  shared.__atelierRateLimiters = limitersOf[process % PROCESSES]
  return work()
}

const costOf = (limiterId: string, limit: number, action: string): RateLimitCost => ({
  service: 'DISCORD', limiterId, rules: [rule('global', limit, WINDOW_MS)], action, weights: { global: 1 }, calls: 1,
})

/** Makes the calls of one item one after the other, and all of them again, in any process, when it is told to return. */
async function work(limiterId: string, limit: number, item: number, made: number[]): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      const acquire = as(item + attempt, () => acquireFor(`item ${item}`))
      for (let call = 0; call < CALLS; call++) {
        const release = await as(item + attempt, () => acquire(costOf(limiterId, limit, `call ${call}`)))
        await sleep(ANSWER_MS)
        made.push(performance.now())
        release([])
      }
      return
    }
    catch (error) {
      const { code, retryAfter } = error as ProviderError
      if (code !== 'RATE_LIMITED') throw error
      await sleep(retryAfter! + Math.random() * MAX_LATE_MS)
    }
  }
}

describe.concurrent('callers of three processes', () => {
  it.for([1, 2, 3, 4, 5])('finish under a limit of %i, make hardly a call again, and never exceed it', async (limit, { expect }) => {
    const limiterId = randomUUID()
    const items = 8 * limit
    const made: number[] = []
    const start = performance.now()
    await Promise.all(Array.from({ length: items }, (_, item) => work(limiterId, limit, item, made)))
    const tookMs = performance.now() - start
    // The last answers are written a moment later.
    await until(async () => Object.values((await findState(limiterId))!.windows).every(({ inFlight }) => !inFlight.length))
    const idealMs = items * CALLS / limit * (WINDOW_MS + ANSWER_MS)
    const calls = `${items * CALLS} calls, ${made.length - items * CALLS} of them again`
    console.log(`limit ${limit}: ${calls}, in ${Math.round(tookMs)} ms, ideal ${idealMs} ms`)
    const most = Math.max(...made.map(end => made.filter(at => at <= end && at > end - WINDOW_MS).length))
    expect(most).toBeLessThanOrEqual(limit)
    expect(made.length).toBeLessThanOrEqual(items * CALLS * 1.2)
    // Each write of the state takes its time, too, and others use the machine: the property tests know the time exactly.
    expect(tookMs).toBeLessThan(idealMs * 3 + 10 * MAX_LATE_MS)
  })
})
