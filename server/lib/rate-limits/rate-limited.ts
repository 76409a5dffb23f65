import { AsyncLocalStorage } from 'node:async_hooks'
import type { News } from '../../rate-limits/state'
import type { Rule } from './rules'
import type { Service } from '../../../shared/schemas/resource'

/** What calls to a service draw from the budget of their credential, before they are made. */
export interface RateLimitCost {
  service: Service
  /** Names the budget, and tells nothing of the credential. */
  budget: string
  rules: Rule[]
  /** What is done, in the audit's words: whoever comes back to do it keeps its place. */
  action: string
  weights: Record<string, number>
  calls: number
  route?: { name: string, of: string }
}

/** Lets calls pass, or throws ProviderError RATE_LIMITED without one having been made. @returns takes what the answers said */
export type Gate = (toll: RateLimitCost) => Promise<(news: News[]) => void>

/** The gate that calls made within have to pass: set around the work by the ledger. */
export const callGate = new AsyncLocalStorage<Gate>()

/** What was heard by calls whose toll was paid before. */
const paid = new AsyncLocalStorage<News[]>()

/**
 * Makes a call once the gate lets it pass, and tells the gate what the answer said.
 * @param newsOf reads an answer or an error
 */
export async function rateLimited<T>(toll: RateLimitCost, newsOf: (outcome: unknown) => News, call: () => Promise<T>): Promise<T> {
  const before = paid.getStore()
  const news = before ?? []
  const told = before ? undefined : await callGate.getStore()?.(toll)
  try {
    const answer = await call()
    news.push(newsOf(answer))
    return answer
  }
  catch (error) {
    news.push(newsOf(error))
    throw error
  }
  finally {
    told?.(news)
  }
}

/** Pays for several calls before the first of them: what has begun is not stopped in the middle. */
export async function withReservation<T>(toll: RateLimitCost, calls: () => Promise<T>): Promise<T> {
  const told = await callGate.getStore()?.(toll)
  const news: News[] = []
  try {
    return await paid.run(news, calls)
  }
  finally {
    told?.(news)
  }
}
