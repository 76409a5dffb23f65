interface Details { code: 'QUEUE_FULL' | 'OVERLOADED', detail: string, why: string, retryAfterSeconds: number }

/** A request that is not taken on now, and will be later: answered with 429 and Retry-After. Nothing was done. */
export class TooManyRequests extends Error {
  readonly code: Details['code']
  readonly why: string
  readonly retryAfterSeconds: number

  constructor({ code, detail, why, retryAfterSeconds }: Details) {
    super(detail)
    this.name = 'TooManyRequests'
    this.code = code
    this.why = why
    this.retryAfterSeconds = retryAfterSeconds
  }
}
