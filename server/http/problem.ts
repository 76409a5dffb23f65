import { createError, setResponseHeader, type H3Event } from 'h3'
import { isDiskFull, isTransient } from '../db/errors'
import { InvalidInput } from '../engine/input'
import { ProviderError, toFailure } from '../lib/errors'
import { type Args, failure, messages, type ProblemId, write } from '../lib/messages'
import { serviceStatus } from '../lib/messages/status'
import { TooManyRequests } from '../lib/too-many-requests'
import type { Failure, FieldError, Problem } from '../../shared/schemas/problem'

const titles: Record<number, string> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Too slow',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Not possible',
  429: 'Too many requests',
  500: 'Internal error',
  502: 'Bad gateway',
  503: 'Unavailable',
}

interface Extras {
  /** The fields that a request got wrong. */
  errors?: FieldError[]
}

/** The body of an error answer (RFC 9457). */
export const toProblem = ({ message, ...failure }: Failure, status: number, extras?: Extras): Problem =>
  ({ type: 'about:blank', title: titles[status] ?? 'Error', status, detail: message, ...failure, ...extras })

/** A failure that exists already as an error that is answered with this status. */
export const failureProblem = (failure: Failure, status: number, extras?: Extras) =>
  createError({ statusCode: status, data: toProblem(failure, status, extras) })

/** A message as an error that is answered as a problem: `throw problem('NUMBER_TAKEN', { index })`. */
export function problem<Id extends ProblemId>(id: Id, ...args: [...Args<Id>, extras?: Extras]) {
  const [details, extras] = args
  return failureProblem(write(id, details), messages[id].status, extras as Extras | undefined)
}

/** 404 for a valid id that nothing has. */
export const notFound = (what: string, id: string) => problem('NOT_FOUND', { what, id })

/** The answer when a service that the request needs refuses, does not answer, or is not configured. */
const providerProblem = (error: ProviderError) => failureProblem(toFailure(error), serviceStatus(error))

/** 429 for a request that will be accepted later, and says when. */
function tooManyRequestsProblem(event: H3Event, { code, message, why, fix, retryAfterSeconds }: TooManyRequests) {
  setResponseHeader(event, 'retry-after', retryAfterSeconds)
  return failureProblem({ code, message, why, fix }, 429)
}

/** 400 for an input that a workflow does not take. */
function inputProblem({ issues }: InvalidInput) {
  const errors = issues.map(({ path, message }) =>
    ({ field: ['input', ...path].map(String).join('.'), message, fix: 'Correct it and start the run again.' }))
  const faults = errors.map(({ field, message }) => `${field}: ${message}`).join(' ')
  return problem('VALIDATION_FAILED', { where: 'input', faults }, { errors })
}

/** An error as it is answered: errors of services and limits as problems, any other as it is. */
export function toAnswer(event: H3Event, error: unknown): unknown {
  if (error instanceof ProviderError) return providerProblem(error)
  if (error instanceof InvalidInput) return inputProblem(error)
  return error instanceof TooManyRequests ? tooManyRequestsProblem(event, error) : error
}

const isProblem = (data: unknown): data is Problem => typeof data === 'object' && data !== null && 'fix' in data

/** The problem that answers an error, also one that nobody expected. Of that nothing is shown. */
export function problemOf(error: unknown): Problem {
  const { data, statusCode, cause } = Object(error) as { data?: unknown, statusCode?: number, cause?: unknown }
  if (isProblem(data)) return data
  if ([error, cause].some(isDiskFull)) return toProblem(failure('DATABASE_FULL'), 503)
  if ([error, cause].some(isTransient)) return toProblem(failure('DATABASE_UNAVAILABLE'), 503)
  const isRefusal = statusCode && statusCode >= 400 && statusCode < 500
  return isRefusal ? toProblem(failure('REFUSED'), statusCode) : toProblem(failure('INTERNAL'), 500)
}
