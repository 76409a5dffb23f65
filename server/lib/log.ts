import pino from 'pino'
import { errorFrames, errorText } from './describe-error'
import { logLevel } from './env'
import { redact } from './redact'
import { currentRequestId } from './request-context'

/** How lines are written: credentials that are logged by mistake are redacted, in every text of a line. */
export const logOptions = {
  base: undefined,
  mixin: requestIdField,
  serializers: { error: describe },
  formatters: { log: line => redactTexts(line) as Record<string, unknown> },
  hooks: {
    logMethod(args: Parameters<pino.LogFn>, method: pino.LogFn) {
      method.apply(this, args.map(arg => typeof arg === 'string' ? redact(arg) : arg) as Parameters<pino.LogFn>)
    },
  },
  redact: { paths: ['*.token', '*.apiKey', '*.authorization', '*.cookie', '*["x-api-key"]'], censor: '[redacted]' },
} satisfies pino.LoggerOptions

/** Structured log on stdout. */
export const log = pino({ ...logOptions, level: logLevel() })

/** Every line of work that comes of a request has its id. */
function requestIdField(): object {
  const requestId = currentRequestId()
  return requestId === undefined ? {} : { requestId }
}

/** An error as a line has it: a driver's own fields may hold the values of a query. */
function describe(error: unknown): object {
  const code = codeOf(error)
  return {
    type: error instanceof Error ? error.name : typeof error,
    message: errorText(error),
    ...(code && { code: redact(code) }),
    ...(error instanceof Error && { stack: errorFrames(error) }),
  }
}

/** The code of an error, or of what caused it: PostgreSQL's, or the system's. */
function codeOf(error: unknown): string | undefined {
  const { code, cause } = Object(error) as { code?: unknown, cause?: { code?: unknown } }
  return [code, cause?.code].find(known => typeof known === 'string')
}

/** Texts within arrays and plain objects; anything else has its own serializer. */
function redactTexts(value: unknown): unknown {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map(redactTexts)
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, redactTexts(part)]))
}
