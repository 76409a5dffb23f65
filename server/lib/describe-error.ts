import { redact } from './redact'

/**
 * What an error says, with its causes, redacted and without the values of a failed query: they are what people wrote,
 * and may be longer than everything else in a log.
 */
export function errorText(error: unknown): string {
  const texts: string[] = []
  for (let cause = error; cause !== undefined && cause !== null && texts.length < MAX_CAUSES; cause = Object(cause).cause as unknown)
    texts.push(messageOf(cause))
  return redact(texts.filter(Boolean).join(': '))
}

/** Where an error was made, without its message. */
export const errorFrames = (error: Error): string =>
  redact((error.stack ?? '').split('\n').filter(line => /^\s+at /.test(line)).join('\n'))

/** More would be a circle. */
const MAX_CAUSES = 5

/** The values of a query stand in the message of drizzle's error. They are left out by its shape, as lib knows no database. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { query, params } = error as { query?: unknown, params?: unknown }
  return typeof query === 'string' && params !== undefined ? `Failed query: ${query}` : error.message
}
