import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Server } from 'node:http'
import type { Socket } from 'node:net'
import { maxConnections } from '../lib/env'

/** Published by Node.js for every connection that a server of this process accepts. */
const ACCEPTED = 'net.server.socket'
/** A connection that does not send the head of a request, or all of it, is closed after this time. */
const HEAD_MS = 10_000
const REQUEST_MS = 30_000

/**
 * Limits the connections of the HTTP server, and their time without a complete request. Nitro does not hand its server
 * out, so that the first connection tells which it is.
 * @returns ends that
 */
export function limitConnections(): () => void {
  const onAccepted = (message: unknown) => {
    const { server } = (message as { socket: Socket & { server?: unknown } }).socket
    if (!(server instanceof Server)) return
    server.maxConnections = maxConnections()
    server.headersTimeout = HEAD_MS
    server.requestTimeout = REQUEST_MS
  }
  subscribe(ACCEPTED, onAccepted)
  return () => unsubscribe(ACCEPTED, onAccepted)
}
