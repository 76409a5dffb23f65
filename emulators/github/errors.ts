import { HttpError } from '../core/http-error.ts'

const DOCUMENTATION = 'https://docs.github.com/rest'

/** One entry of a validation error. */
export interface FieldError {
  resource: string
  code: 'missing' | 'missing_field' | 'invalid' | 'already_exists' | 'unprocessable' | 'custom'
  field: string
  message?: string
}

/** The body of a GitHub error. */
export function errorBody(status: number, message: string, errors?: FieldError[]): object {
  return { message, ...(errors ? { errors } : {}), documentation_url: DOCUMENTATION, status: String(status) }
}

function httpError(status: number, message: string, errors?: FieldError[], headers?: Record<string, string>): HttpError {
  return new HttpError(status, errorBody(status, message, errors), headers)
}

export const requiresAuthentication = () => httpError(401, 'Requires authentication')
export const badCredentials = () => httpError(401, 'Bad credentials')
export const notAccessible = () => httpError(403, 'Resource not accessible by personal access token')
export const needsAdmin = () => httpError(403, 'Must have admin rights to Repository.')
export const forbidden = (message: string) => httpError(403, message)
export const creationForbidden = () =>
  forbidden('You need admin access to the organization before adding a repository to it.')
export const notFound = (message = 'Not Found') => httpError(404, message)
export const conflict = (message: string) => httpError(409, message)
export const emptyRepository = () => conflict('Git Repository is empty.')
export const unprocessable = (message: string) => httpError(422, message)
export const invalid = (errors: FieldError[], message = 'Validation Failed') => httpError(422, message, errors)
export const invalidRequest = (...problems: string[]) => httpError(422, `Invalid request.\n\n${problems.join('\n')}`)
export const malformedBody = (reason: 'syntax' | 'shape') =>
  httpError(400, reason === 'syntax' ? 'Problems parsing JSON' : 'Body should be a JSON object')

/** 403 or 429 of the rate limits. The headers say how long to wait. */
export function limited(status: 403 | 429, message: string, headers: Record<string, string>): HttpError {
  return httpError(status, message, undefined, headers)
}

export const SECONDARY_LIMIT = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'
