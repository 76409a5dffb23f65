/** What remains until the provider's own reset, a time in ms. */
export interface Quota { remaining: number, resetsAt: number }

/** The limit of a route, as an answer states it. Routes with the same bucket id share one limit. */
export interface Bucket { id: string, limit: number, remaining: number, resetsInMs: number }

/** What a provider's answer says about its rate limits. */
export interface RateLimitFeedback {
  /** No more calls for so many ms after the answer: to the whole service, or on this route only. */
  block?: { ms: number, scope: 'all' | 'route' }
  quota?: Quota
  /** The route's bucket; null when the route has none, undefined when the answer does not say. */
  bucket?: Bucket | null
  /** Kinds of rules whose weight is given back, because the call turned out to cost nothing. */
  refunds?: string[]
}
