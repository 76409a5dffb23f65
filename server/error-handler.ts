import { defineNitroErrorHandler } from 'nitropack/runtime'
import { send, setResponseHeader, setResponseStatus } from 'h3'
import { log } from './lib/log'
import { noteDiskFull } from './db/disk'
import { problemOf } from './http/problem'
import { requestIdOf } from './http/request-id'

/** Every error leaves as a problem; anything unexpected is logged and never shown. */
export default defineNitroErrorHandler((error, event) => {
  const requestId = requestIdOf(event)
  noteDiskFull(error.cause)
  const answer = problemOf(error)
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
