import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { databaseUrl, isDatabasePooled, sessionDatabaseUrl } from '../lib/env'
import { prepareStatements } from './prepare'
import * as schema from './schema'

export type Database = PostgresJsDatabase<typeof schema>
/** A transaction; every query takes one in place of the database. */
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0]

interface Client { db: Database, sql: postgres.Sql, session?: postgres.Sql, apart?: postgres.Sql }

// In development steps are bundled apart from the server: the process, not the module, owns the pool.
const shared = globalThis as typeof globalThis & { __atelierDatabase?: Client }

const client = (): Client => shared.__atelierDatabase ??= connect()

const options = {
  connect_timeout: 5,
  // The driver's own waits grow to 20 s. For that long after an outage LISTEN would miss all changes.
  backoff: (attempts: number) => Math.min(0.05 * 2 ** attempts, 1),
  // Connections are kept: a new one costs more than it helps.
  max_lifetime: null,
  onnotice: () => {},
} satisfies postgres.Options<Record<string, never>>

function connect(): Client {
  const sql = open(20)
  return { sql, db: drizzle(prepareStatements(sql), { schema }) }
}

const open = (most: number): postgres.Sql => postgres(databaseUrl(), {
  ...options,
  max: most,
  // A pooler gives each transaction any session, and a named statement belongs to one of them. Connecting to it is
  // cheap, and a function that was frozen would find its idle connections dead.
  ...isDatabasePooled() && { prepare: false, idle_timeout: 20 },
  connection: { application_name: 'atelier' },
})

/** The database. Opened at first use; it reconnects by itself after an outage. */
export const db = (): Database => client().db

/** The driver itself, for reserved connections. */
export const driver = (): postgres.Sql => client().sql

/** A driver whose connections are sessions, for LISTEN: past the pooler where there is one; undefined where none can be had. */
export function sessionDriver(): postgres.Sql | undefined {
  const url = sessionDatabaseUrl()
  if (!url) return undefined
  if (url === databaseUrl()) return client().sql
  return client().session ??= postgres(url, { ...options, max: 1, connection: { application_name: 'atelier session' } })
}

/** Asks the database for any answer. It has its own connection, so that it does not wait behind requests. */
export async function ping(): Promise<void> {
  const apart = client().apart ??= open(1)
  await apart`select 1`
}

/** Closes all connections; the next use opens them again. */
export async function closeDatabase(): Promise<void> {
  const { sql, session, apart } = shared.__atelierDatabase ?? {}
  await Promise.all([sql, session, apart].map(driver => driver?.end({ timeout: 5 })))
  shared.__atelierDatabase = undefined
}
