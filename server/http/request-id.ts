import { randomUUID } from 'node:crypto'
import type { H3Event } from 'h3'
import { redact } from '../lib/redact'

export const REQUEST_ID = 'x-request-id'
/** Of letters, digits and a few marks, so that it can stand in any log, address or table. */
const WELL_FORMED = /^[\w.-]{1,128}$/

/** The id of a request: the sender's own if it is well-formed and no secret, else a new one. */
export function requestIdFor(sent: string | string[] | undefined): string {
  const isKept = typeof sent === 'string' && WELL_FORMED.test(sent) && redact(sent) === sent
  return isKept ? sent : randomUUID()
}

/** The id of a request, as its answer has it. */
export const requestIdOf = (event: H3Event): string | undefined => event.node.res.getHeader(REQUEST_ID)?.toString()
