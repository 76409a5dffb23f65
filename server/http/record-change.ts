import { getQuery, getResponseStatus, getRouterParams, type H3Event } from 'h3'
import { recordAction } from '../ledger/actions'
import { redact } from '../lib/redact'
import { currentRequestId, requestContext } from '../lib/request-context'
import { operations, type Operation, type OperationId } from '../../shared/contract'
import { type Stranger, strangers } from '../../shared/utils/audit'
import type { Actor } from './access'
import { sourceAddress } from './forwarded'
import { problemOf } from './problem'

/** A database that hangs must not hold up answers: the entry is written when it answers. */
const WRITE_TIMEOUT_MS = 1_000
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

/** What became of a request: its answer or its error, and its body as far as it was read. */
export interface Outcome { body?: unknown, answer?: unknown, error?: unknown }

/**
 * Writes the entry of the audit for a request that changes something, or that came with a wrong key, before it is
 * answered. A failure to write changes nothing of the answer.
 */
export async function recordChange(event: H3Event, id: OperationId, outcome: Outcome): Promise<void> {
  const operation: Operation = operations[id]
  const { actor, hasWrongKey } = event.context
  if (operation.method === 'get' && !hasWrongKey) return
  const refusal = 'error' in outcome ? problemOf(outcome.error) : undefined
  const isKnown = actor !== undefined
  const places = [getRouterParams(event), getQuery(event), outcome.body, outcome.answer, ownSession(operation, actor)]
  const entry = {
    at: new Date(),
    requestId: currentRequestId(),
    ...isKnown ? ofActor(actor) : ofStranger(hasWrongKey ? 'wrong-key' : 'anonymous'),
    address: sourceAddress(event),
    action: id,
    subjectType: operation.subject,
    subjectId: subjectIdOf(operation, places),
    status: refusal?.status ?? getResponseStatus(event),
    code: refusal?.code,
    runIds: refusal ? [] : requestContext.getStore()?.runIds ?? [],
  }
  const written = recordAction(entry, { isRefused: refusal !== undefined, isStranger: !isKnown })
  await Promise.race([written, new Promise(resolve => setTimeout(resolve, WRITE_TIMEOUT_MS).unref())])
}

const ofActor = ({ id, name, role, sessionId }: Actor) => ({ actor: id, actorName: redact(name), role, sessionId })
const ofStranger = (stranger: Stranger) => ({ actor: stranger, actorName: strangers[stranger] })

/** Sign-in and sign-out name no session: it is that of the cookie. */
const ownSession = ({ subject }: Operation, actor: Actor | undefined) => subject === 'session' ? { id: actor?.sessionId } : undefined

/** The id of what a request is about, in the first of these that has it. */
function subjectIdOf({ subject, subjectField }: Operation, places: unknown[]): string | undefined {
  if (!subject) return undefined
  const fields = subjectField ? [subjectField] : ['id', 'uuid']
  return places.flatMap(place => fields.map(field => (Object(place) as Record<string, unknown>)[field]))
    .find((value): value is string => typeof value === 'string' && UUID.test(value))
}
