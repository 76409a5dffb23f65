/** A handler throws this to answer with an error in the service's own format. */
export class HttpError extends Error {
  readonly status: number
  readonly body: unknown
  readonly headers: Record<string, string>

  constructor(status: number, body: unknown, headers: Record<string, string> = {}) {
    super(`answered with ${status}`)
    this.status = status
    this.body = body
    this.headers = headers
  }
}
