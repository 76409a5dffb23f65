import type { z } from 'zod'
import { problem } from './problem'
import type { FieldError } from '../../shared/schemas/problem'

/** More than a person corrects at once. Without it a body of unknown fields would get an answer many times its size. */
const MAX_ERRORS = 100

/**
 * Parses the input by its schema.
 * @throws 400 that names every wrong field and how to correct it
 */
export function validate<S extends z.ZodType>(schema: S, input: unknown, where: 'body' | 'query' | 'path' | 'options'): z.output<S> {
  const result = schema.safeParse(input)
  const found = result.success ? nullCharactersIn(result.data) : result.error.issues.flatMap(toFieldErrors)
  if (result.success && !found.length) return result.data
  const errors = found.slice(0, MAX_ERRORS)
  const faults = errors.map(({ field, message }) => field ? `${field}: ${message}` : message).join(' ')
  throw problem('VALIDATION_FAILED', { where, faults }, { errors })
}

const NULL_CHARACTER = { message: 'It must not contain null characters.', fix: 'Remove U+0000.' }

/** PostgreSQL stores no null character, wherever it stands. */
function nullCharactersIn(value: unknown, path: string[] = []): FieldError[] {
  if (typeof value === 'string') return value.includes('\0') ? [{ field: path.join('.'), ...NULL_CHARACTER }] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, part]) =>
    name.includes('\0') ? [{ field: [...path, name].join('.'), ...NULL_CHARACTER }] : nullCharactersIn(part, [...path, name]))
}

const UNKNOWN_FIELD = { message: 'This field is unknown.', fix: 'Remove it, or correct its name; /api/docs lists the names.' }

function toFieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const at = (...more: PropertyKey[]) => [...issue.path, ...more].map(String).join('.')
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(key => ({ field: at(key), ...UNKNOWN_FIELD }))
  const fix = issue.code === 'custom' ? issue.params?.fix : undefined
  return [{ field: at(), message: issue.message, fix: typeof fix === 'string' ? fix : fixFor(issue) }]
}

function fixFor(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type': return `Give a value of type ${issue.expected}.`
    case 'invalid_value': return `Use one of: ${issue.values.map(String).join(', ')}.`
    case 'too_small': return `Give at least ${amount(issue.minimum, issue.origin)}.`
    case 'too_big': return `Give at most ${amount(issue.maximum, issue.origin)}.`
    default: return 'Correct it; /api/docs describes the field.'
  }
}

const UNITS: Partial<Record<string, [one: string, several: string]>> = { string: ['character', 'characters'], array: ['entry', 'entries'] }

/** A limit with what it counts: `1 character`, `3 entries`, `100`. */
function amount(limit: number | bigint, origin: string): string {
  const [one, several] = UNITS[origin] ?? []
  return [limit, Number(limit) === 1 ? one : several].filter(Boolean).join(' ')
}
