import { DrizzleQueryError } from 'drizzle-orm/errors'
import postgres from 'postgres'

/**
 * SQLSTATE of transient errors: connection (08), resources (53), operator's intervention (57),
 * the system itself (58), a replica taking over (25006), serialization and deadlock (40).
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const TRANSIENT = /^(08|53|57|58|40|25006)/
/** Codes of the driver for a connection that broke or could not be opened. */
const UNREACHABLE = /^(CONNECTION_|CONNECT_TIMEOUT|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)/

/**
 * Whether the database was away. Then the work did not fail: it is repeated when the database is
 * back. A statement that PostgreSQL rejects is different: it would be rejected again.
 */
export function isTransient(error: unknown): boolean {
  const cause = causeOf(error)
  const code = String((cause as { code?: unknown } | null | undefined)?.code ?? '')
  return cause instanceof postgres.PostgresError ? TRANSIENT.test(code) : UNREACHABLE.test(code)
}

/** Whether PostgreSQL could not write because its disk is full (53100), whichever driver says so. */
export const isDiskFull = (error: unknown): boolean => (causeOf(error) as { code?: unknown } | null | undefined)?.code === '53100'

/** Whether PostgreSQL refused to remove a row because others refer to it (23503). */
export const isStillReferred = (error: unknown): boolean => hasCode(error, '23503')

/** Whether PostgreSQL refused a row because there is one with the same key (23505). */
export const isTaken = (error: unknown): boolean => hasCode(error, '23505')

function hasCode(error: unknown, code: string): boolean {
  const cause = causeOf(error)
  return cause instanceof postgres.PostgresError && cause.code === code
}

const causeOf = (error: unknown) => error instanceof DrizzleQueryError ? error.cause : error

/** Texts of pg for a lost connection, where the error has no code. */
const LOST = /^Connection terminated|not queryable|timeout exceeded when trying to connect/

/** Whether the runtime's own driver, pg, lost its connection. Its errors carry PostgreSQL's code, the socket's, or only a text. */
export function isConnectionLost(error: unknown): boolean {
  const { code, message } = Object(error) as { code?: unknown, message?: unknown }
  return /^(08|53300|57P0)/.test(String(code)) || UNREACHABLE.test(String(code)) || LOST.test(String(message))
}
