import { DrizzleQueryError } from 'drizzle-orm/errors'
import postgres from 'postgres'

/** Whether the database itself failed: that is no failure of the work, which is done again when it is back. */
export const isDatabaseError = (error: unknown): boolean =>
  error instanceof DrizzleQueryError
  || error instanceof postgres.PostgresError
  || /^(CONNECTION_|CONNECT_TIMEOUT|ECONN)/.test(String((error as { code?: unknown } | null)?.code ?? ''))

/** Whether a unique key refused a row, and which. */
export const violatedUnique = (error: unknown): string | undefined => {
  const cause = error instanceof DrizzleQueryError ? error.cause : error
  return cause instanceof postgres.PostgresError && cause.code === '23505' ? cause.constraint_name : undefined
}
