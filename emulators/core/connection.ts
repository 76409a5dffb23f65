import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'

/** Runs `listener` once when the client disconnects before the answer. @returns how to stop listening */
export function onDisconnect(http: HttpBindings, listener: () => void): () => void {
  if (isDisconnected(http)) {
    listener()
    return () => {}
  }
  http.outgoing.once('close', listener)
  return () => http.outgoing.off('close', listener)
}

/** True when the client no longer waits for the answer. */
export function isDisconnected(http: HttpBindings): boolean {
  return http.outgoing.destroyed || http.outgoing.socket?.destroyed === true
}

/** Closes the connection without an answer. */
export function drop(http: HttpBindings): Response {
  http.outgoing.socket?.destroy()
  return RESPONSE_ALREADY_SENT
}
