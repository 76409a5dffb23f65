import { Refusal } from '../core/refusal.ts'

const DOCUMENTATION = 'https://docs.github.com/rest'

/** One entry of a validation error, as GitHub lists them. */
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

function refuse(status: number, message: string, errors?: FieldError[], headers?: Record<string, string>): Refusal {
  return new Refusal(status, errorBody(status, message, errors), headers)
}

export const requiresAuthentication = () => refuse(401, 'Requires authentication')
export const badCredentials = () => refuse(401, 'Bad credentials')
export const notAccessible = () => refuse(403, 'Resource not accessible by personal access token')
export const needsAdmin = () => refuse(403, 'Must have admin rights to Repository.')
export const forbidden = (message: string) => refuse(403, message)
export const notFound = (message = 'Not Found') => refuse(404, message)
export const conflict = (message: string) => refuse(409, message)
export const emptyRepository = () => conflict('Git Repository is empty.')
export const unprocessable = (message: string) => refuse(422, message)
export const invalid = (errors: FieldError[], message = 'Validation Failed') => refuse(422, message, errors)
export const invalidRequest = (...problems: string[]) => refuse(422, `Invalid request.\n\n${problems.join('\n')}`)
export const malformedBody = (reason: 'syntax' | 'shape') =>
  refuse(400, reason === 'syntax' ? 'Problems parsing JSON' : 'Body should be a JSON object')

/** 403 or 429 of the rate limits, with the headers that say how long to wait. */
export function limited(status: 403 | 429, message: string, headers: Record<string, string>): Refusal {
  return refuse(status, message, undefined, headers)
}

export const SECONDARY_LIMIT = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'
