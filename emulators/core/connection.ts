import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'

/** Runs `listener` once when the client goes away before it was answered; returns the way to stop listening. */
export function onGone(http: HttpBindings, listener: () => void): () => void {
  if (isGone(http)) {
    listener()
    return () => {}
  }
  http.outgoing.once('close', listener)
  return () => http.outgoing.off('close', listener)
}

/** True when nobody waits for the answer any more. */
export function isGone(http: HttpBindings): boolean {
  return http.outgoing.destroyed || http.outgoing.socket?.destroyed === true
}

/** Cuts the connection without an answer. */
export function drop(http: HttpBindings): Response {
  http.outgoing.socket?.destroy()
  return RESPONSE_ALREADY_SENT
}
