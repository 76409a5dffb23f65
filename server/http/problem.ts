import { createError, setResponseHeader, type H3Event } from 'h3'
import { ProviderError, type ProviderErrorCode, toFailure } from '../lib/errors'
import { TooManyRequests } from '../lib/too-many-requests'
import type { FieldError, Problem } from '../../shared/schemas/problem'

type Refusal = Pick<Problem, 'status' | 'code' | 'name' | 'detail' | 'why' | 'fix'> & { errors?: FieldError[] }

const titles: Record<number, string> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Not possible',
  429: 'Too many requests',
  500: 'Internal error',
  502: 'Bad gateway',
  503: 'Unavailable',
}

/** The body of an error answer (RFC 9457). */
export const toProblem = ({ status, ...rest }: Refusal): Problem => ({ type: 'about:blank', title: titles[status] ?? 'Error', status, ...rest })

/** An error that is answered as a problem: `throw problem({ … })`. */
export const problem = (refusal: Refusal) => createError({ statusCode: refusal.status, data: toProblem(refusal) })

/** 404 for something that a valid id does not lead to. */
export const notFound = (what: string, id: string) => problem({
  status: 404,
  code: 'NOT_FOUND',
  detail: `There is no ${what} ${id}.`,
  why: 'It never existed here, or it was removed.',
  fix: `Look the ${what} up in its list and use the id that stands there.`,
})

/** What the request itself got wrong, or a provider has to say; anything else of a provider is a bad gateway. */
const statuses: Partial<Record<ProviderErrorCode, number>> = { MISSING_CONFIGURATION: 503, PROVIDER_NOT_FOUND: 422, UNSUPPORTED_WORKSPACE_TYPE: 422, PARENT_NOT_FOUND: 404, RESOURCE_CONFLICT: 409 }

/** The answer for a service that the request itself needed: it refused, does not answer, or is not set up. */
function providerProblem(error: ProviderError) {
  const { message, ...failure } = toFailure(error)
  return problem({ status: error.retryable ? 503 : statuses[error.code] ?? 502, detail: message, ...failure })
}

/** 429 for what will be taken on later, and says when. */
function refusedProblem(event: H3Event, { code, message, why, retryAfterSeconds }: TooManyRequests) {
  setResponseHeader(event, 'retry-after', retryAfterSeconds)
  return problem({ status: 429, code, detail: message, why, fix: `Wait ${retryAfterSeconds} s and send the same request again; nothing was done.` })
}

/** An error as it is answered: what services and limits say as the problems that they are, anything else as it is. */
export function toAnswer(event: H3Event, error: unknown): unknown {
  if (error instanceof ProviderError) return providerProblem(error)
  return error instanceof TooManyRequests ? refusedProblem(event, error) : error
}
