import { isObject } from '../core/types.ts'
import type { JsonObject } from '../core/types.ts'
import { optionalBoolean, quote } from './body.ts'
import { invalid, invalidRequest, unprocessable } from './errors.ts'
import type { Protection } from './records.ts'

const REQUIRED = ['required_status_checks', 'enforce_admins', 'required_pull_request_reviews', 'restrictions']

/** The rules of `PUT …/protection`. @throws HttpError 422 if one of the four required keys is missing or malformed */
export function protectionOf(body: JsonObject, inOrganization: boolean): Protection {
  const missing = REQUIRED.filter(key => body[key] === undefined)
  if (missing.length > 0) throw invalidRequest(...missing.map(key => `"${key}" wasn't supplied.`))
  const flag = (name: string) => optionalBoolean(body, name) ?? false
  return {
    required_status_checks: checksOf(objectOrNull(body, 'required_status_checks')),
    enforce_admins: flag('enforce_admins'),
    required_pull_request_reviews: reviewsOf(objectOrNull(body, 'required_pull_request_reviews')),
    restrictions: restrictionsOf(objectOrNull(body, 'restrictions'), inOrganization),
    required_linear_history: flag('required_linear_history'),
    allow_force_pushes: flag('allow_force_pushes'),
    allow_deletions: flag('allow_deletions'),
    block_creations: flag('block_creations'),
    required_conversation_resolution: flag('required_conversation_resolution'),
    lock_branch: flag('lock_branch'),
    allow_fork_syncing: flag('allow_fork_syncing'),
  }
}

function objectOrNull(body: JsonObject, key: string): JsonObject | null {
  const value = body[key]
  if (value === null || isObject(value)) return value
  throw invalidRequest(`For 'properties/${key}', ${quote(value)} is not an object.`)
}

function checksOf(checks: JsonObject | null): Protection['required_status_checks'] {
  if (checks === null) return null
  const listed = Array.isArray(checks.checks) ? checks.checks.filter(isObject).map(check => String(check.context)) : []
  return { strict: optionalBoolean(checks, 'strict') ?? false, contexts: [...new Set([...strings(checks, 'contexts'), ...listed])] }
}

function reviewsOf(reviews: JsonObject | null): Protection['required_pull_request_reviews'] {
  if (reviews === null) return null
  const count = reviews.required_approving_review_count ?? 1
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 0 || count > 6) {
    throw invalidRequest(`For 'properties/required_approving_review_count', ${quote(count)} is not between 0 and 6.`)
  }
  return {
    dismiss_stale_reviews: optionalBoolean(reviews, 'dismiss_stale_reviews') ?? false,
    require_code_owner_reviews: optionalBoolean(reviews, 'require_code_owner_reviews') ?? false,
    required_approving_review_count: count,
    require_last_push_approval: optionalBoolean(reviews, 'require_last_push_approval') ?? false,
  }
}

function restrictionsOf(restrictions: JsonObject | null, inOrganization: boolean): Protection['restrictions'] {
  if (restrictions === null) return null
  if (!inOrganization) throw unprocessable('Only organization repositories can have users and team restrictions')
  const unknown = ['teams', 'apps'].flatMap(key => strings(restrictions, key).map(value => ({ key, value })))
  if (unknown.length > 0) {
    throw invalid(unknown.map(({ key, value }) =>
      ({ resource: 'ProtectedBranch', code: 'custom', field: key, message: `${value} does not exist` })))
  }
  return { users: strings(restrictions, 'users'), teams: [], apps: [] }
}

function strings(object: JsonObject, key: string): string[] {
  const value = object[key] ?? []
  if (Array.isArray(value) && value.every(item => typeof item === 'string')) return value as string[]
  throw invalidRequest(`For 'properties/${key}', ${quote(value)} is not an array of strings.`)
}
