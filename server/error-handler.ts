import { defineNitroErrorHandler } from 'nitropack/runtime'
import { send, setResponseHeader, setResponseStatus } from 'h3'
import { log } from './lib/log'
import { redact } from './lib/redact'
import { isTransient } from './db/errors'
import { toProblem } from './http/problem'
import type { Problem } from '../shared/schemas/problem'

/** Every error leaves as a problem; what was not foreseen is logged and never shown. */
export default defineNitroErrorHandler((error, event) => {
  const answer = isProblem(error.data) ? error.data : unexpected(error)
  if (answer.status >= 500) log.error({ message: redact(error.message), stack: redact(error.stack ?? ''), path: event.path.split('?')[0] }, 'A request failed.')
  setResponseStatus(event, answer.status)
  setResponseHeader(event, 'content-type', 'application/problem+json')
  if (answer.status === 503) setResponseHeader(event, 'retry-after', 5)
  return send(event, JSON.stringify(answer))
})

const isProblem = (data: unknown): data is Problem => typeof data === 'object' && data !== null && 'fix' in data

function unexpected(error: { statusCode?: number, cause?: unknown }): Problem {
  if (isTransient(error) || isTransient(error.cause)) return toProblem({
    status: 503,
    code: 'DATABASE_UNAVAILABLE',
    detail: 'The database did not answer, so nothing was done.',
    why: 'PostgreSQL is down, restarting, or out of reach.',
    fix: 'Send the same request again in a few seconds. If it stays, look at /health.',
  })
  const status = error.statusCode && error.statusCode >= 400 && error.statusCode < 500 ? error.statusCode : 500
  return status === 500
    ? toProblem({ status, code: 'INTERNAL', detail: 'Something went wrong here.', why: 'Atelier did not foresee it; the log has the details.', fix: 'Try again; if it stays, report it with the time it happened.' })
    : toProblem({ status, code: 'REFUSED', detail: 'The request is not understood.', why: 'Its path, method or form is none that Atelier knows.', fix: 'Compare it with /api/docs.' })
}
