import { defineEventHandler, getQuery, getRequestHeader, getRouterParams, setResponseHeader, setResponseStatus, type H3Event } from 'h3'
import type { z } from 'zod'
import { operations, type Operation, type OperationId } from '../../shared/contract'
import { type Actor, authorize, requireUnbound } from './access'
import { MEMBER_LIMITS, readJson, STRANGER_LIMITS } from './body'
import { clientAddress } from './forwarded'
import { requireOwnOrigin } from './origin'
import { countForActor } from './overload'
import { problem, toAnswer } from './problem'
import { type Outcome, recordChange } from './record-change'
import { nameRequest } from '../lib/tracing'
import { validate } from './validate'
import { registerDomains } from '../registry'

// Every handler may answer with runs, and each function of Vercel is a program of its own.
registerDomains()

type Part<O, K extends 'params' | 'query' | 'body'> = O extends Record<K, infer S extends z.ZodType> ? z.output<S> : undefined
type Answer<O> = O extends { answers: { type: string } } ? unknown
  : O extends { answers: { body: infer S extends z.ZodType } } ? z.input<S> : unknown

/** The input of a handler, checked against the contract. */
export interface Request<Id extends OperationId> {
  event: H3Event
  /** Absent only where anyone may call. */
  actor: (typeof operations)[Id]['role'] extends 'anyone' ? Actor | undefined : Actor
  params: Part<(typeof operations)[Id], 'params'>
  query: Part<(typeof operations)[Id], 'query'>
  body: Part<(typeof operations)[Id], 'body'>
  idempotencyKey: string | undefined
}

/**
 * The handler of one operation of the contract: authorised, validated, and answered with the contract's status. A change
 * is audited here, so that no route can be forgotten.
 */
export function handle<Id extends OperationId>(id: Id, answer: (request: Request<Id>) => Promise<Answer<(typeof operations)[Id]>>) {
  const operation: Operation = operations[id]
  const respond = async (event: H3Event, outcome: Outcome) => {
    nameRequest(operation.method, operation.path)
    setResponseHeader(event, 'cache-control', 'no-store')
    if (operation.method !== 'get') requireOwnOrigin(event)
    const actor = operation.role === 'anyone' ? undefined : await authorize(event, operation.role)
    if (actor) countForActor(event.node.res, actor.id)
    if (actor && !operation.bound) requireUnbound(actor)
    const request = {
      event,
      actor,
      params: operation.params && validate(operation.params, getRouterParams(event, { decode: true }), 'path'),
      query: operation.query && validate(operation.query, getQuery(event), 'query'),
      body: operation.body && validate(operation.body, outcome.body = await bodyOf(event, actor), 'body'),
      idempotencyKey: operation.idempotent && idempotencyKey(event),
    }
    // A handler may set another status.
    setResponseStatus(event, operation.answers.status)
    return answer(request as Request<Id>)
  }
  return defineEventHandler(async (event) => {
    const outcome: Outcome = {}
    try {
      outcome.answer = await respond(event, outcome)
    }
    catch (error) {
      outcome.error = toAnswer(event, error)
    }
    await recordChange(event, id, outcome)
    if ('error' in outcome) throw outcome.error
    return outcome.answer
  })
}

/** A stranger may send less, and slower senders are cut off sooner. */
const bodyOf = (event: H3Event, actor: Actor | undefined) =>
  actor ? readJson(event, actor.id, MEMBER_LIMITS) : readJson(event, clientAddress(event), STRANGER_LIMITS)

function idempotencyKey(event: H3Event): string | undefined {
  const key = getRequestHeader(event, 'idempotency-key')
  if (key === undefined || /^[\x21-\x7E]{1,200}$/.test(key)) return key
  throw problem('BAD_IDEMPOTENCY_KEY')
}
