import { type CodeOf, type Details, type TooManyRequestsId, write } from './messages'

type Content = ReturnType<typeof write<TooManyRequestsId>> & { retryAfterSeconds: number }

/** A request that is not accepted now and may be sent again later: answered with 429 and Retry-After. Nothing was done. */
export class TooManyRequests extends Error {
  readonly code: CodeOf<TooManyRequestsId>
  readonly why: string
  readonly fix: string
  readonly retryAfterSeconds: number

  constructor({ code, message, why, fix, retryAfterSeconds }: Content) {
    super(message)
    this.name = 'TooManyRequests'
    this.code = code
    this.why = why
    this.fix = fix
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** A message about too many requests as an error: `throw tooManyRequests('SERVER_BEHIND', { delayMs, seconds: 2 })`. */
export const tooManyRequests = <Id extends TooManyRequestsId>(id: Id, details: Details<Id> & { seconds: number }) =>
  new TooManyRequests({ ...write<TooManyRequestsId>(id, details), retryAfterSeconds: details.seconds })
