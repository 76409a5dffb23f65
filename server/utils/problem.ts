import { createError } from 'h3'
import { type ProviderError, toFailure } from '../lib/errors'
import type { FieldError, Problem } from '../../shared/schemas/problem'

type Refusal = Pick<Problem, 'status' | 'code' | 'detail' | 'why' | 'fix'> & { errors?: FieldError[] }

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

/** 502 or 503 for a service that the request itself needed: it refused, does not answer, or is not set up. */
export function providerProblem(error: ProviderError) {
  const { code, message, why, fix } = toFailure(error)
  return problem({ status: error.retryable || code === 'MISSING_CONFIGURATION' ? 503 : 502, code, detail: message, why, fix })
}
