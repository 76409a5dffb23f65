import { defineNitroErrorHandler } from 'nitropack/runtime'
import { send, setResponseHeader, setResponseStatus } from 'h3'
import { log } from './lib/log'
import { failure } from './lib/messages'
import { noteDiskFull } from './db/disk'
import { isDiskFull, isTransient } from './db/errors'
import { toProblem } from './http/problem'
import { requestIdOf } from './http/request-id'
import type { Problem } from '../shared/schemas/problem'

/** Every error leaves as a problem; anything unexpected is logged and never shown. */
export default defineNitroErrorHandler((error, event) => {
  const requestId = requestIdOf(event)
  const answer = isProblem(error.data) ? error.data : unexpected(error)
  if (answer.status >= 500) {
    const [path] = event.path.split('?')
    // Nitro wraps what was thrown.
    log.error({ error: error.cause ?? error, path, requestId }, 'A request failed.')
  }
  setResponseStatus(event, answer.status)
  setResponseHeader(event, 'content-type', 'application/problem+json')
  if (answer.status === 503) setResponseHeader(event, 'retry-after', 5)
  return send(event, JSON.stringify({ ...answer, requestId }))
})

const isProblem = (data: unknown): data is Problem => typeof data === 'object' && data !== null && 'fix' in data

function unexpected(error: { statusCode?: number, cause?: unknown }): Problem {
  noteDiskFull(error.cause)
  if (isDiskFull(error.cause)) return toProblem(failure('DATABASE_FULL'), 503)
  if (isTransient(error) || isTransient(error.cause)) return toProblem(failure('DATABASE_UNAVAILABLE'), 503)
  const isRefusal = error.statusCode && error.statusCode >= 400 && error.statusCode < 500
  return isRefusal ? toProblem(failure('REFUSED'), error.statusCode!) : toProblem(failure('INTERNAL'), 500)
}
