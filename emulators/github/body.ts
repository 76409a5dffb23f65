import { isObject } from '../core/types.ts'
import type { JsonObject } from '../core/types.ts'
import { invalid, invalidRequest } from './errors.ts'
import type { FieldError } from './errors.ts'

/** A required string. @throws HttpError 422 if it is missing or of another type */
export function requiredString(body: JsonObject, field: string): string {
  const value = body[field]
  if (value === undefined || value === null) throw invalidRequest(`"${field}" wasn't supplied.`)
  if (typeof value !== 'string') throw invalidRequest(`For '${field}', ${quote(value)} is not a string.`)
  return value
}

export function optionalString(body: JsonObject, field: string): string | undefined {
  return body[field] === undefined || body[field] === null ? undefined : requiredString(body, field)
}

export function optionalBoolean(body: JsonObject, field: string): boolean | undefined {
  const value = body[field]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'boolean') throw invalidRequest(`For '${field}', ${quote(value)} is not a boolean.`)
  return value
}

export function requiredArray(body: JsonObject, field: string): unknown[] {
  const value = body[field]
  if (value === undefined || value === null) throw invalidRequest(`"${field}" wasn't supplied.`)
  if (!Array.isArray(value)) throw invalidRequest(`For '${field}', ${quote(value)} is not an array.`)
  return value
}

export function optionalObject(body: JsonObject, field: string): JsonObject | undefined {
  const value = body[field]
  if (value === undefined || value === null) return undefined
  if (!isObject(value)) throw invalidRequest(`For '${field}', ${quote(value)} is not an object.`)
  return value
}

/** @throws HttpError 422 about one field, always */
export function invalidField(resource: string, field: string, message: string, summary?: string): never {
  const error: FieldError = { resource, code: 'custom', field, message }
  throw invalid([error], summary)
}

/** A value, quoted for GitHub's validation messages. */
export function quote(value: unknown): string {
  return JSON.stringify(value)
}
