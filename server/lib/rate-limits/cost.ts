import { createHmac } from 'node:crypto'
import type { Rule } from './rules'
import type { Service } from '../../../shared/schemas/resource'

/** A route whose limit only the provider's answers state. Discord counts it separately for each server, channel and webhook. */
export interface Route {
  /** Method and path, with `:id` for each id. */
  name: string
  /** The id of the server, channel or webhook; empty when the route has none. */
  majorParameter: string
}

/** What calls to a service cost under the rate limits of their credential. A client states it before it calls. */
export interface RateLimitCost {
  service: Service
  /** The id of the credential's rate limiter. It reveals nothing about the credential. */
  limiterId: string
  rules: Rule[]
  /** What is done, as the audit names it. A caller that retries the same action keeps its reservation. */
  action: string
  /** Whose callers share the answer, and so the reservation: each of them may return for it. */
  sharedBy?: string
  /** Weight by the kind of rule. */
  weights: Record<string, number>
  /** The number of calls, for the provider's own count of what remains. */
  calls: number
  route?: Route
}

/** The id of a credential's rate limiter. It is a keyed hash: the credential is the key, so the id reveals nothing about it. */
export const rateLimiterId = (service: Service, apiUrl: string, token: string): string =>
  createHmac('sha256', token).update(`atelier rate limit ${service} ${new URL(apiUrl).host}`).digest('hex').slice(0, 32)
