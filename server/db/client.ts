import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { databaseUrl } from '../lib/env'
import * as schema from './schema'

export type Database = PostgresJsDatabase<typeof schema>
/** A transaction; every query takes one in place of the database. */
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0]

interface Client { db: Database, sql: postgres.Sql }

// In development steps are bundled apart from the server: the process, not the module, owns the pool.
const shared = globalThis as typeof globalThis & { __atelierDatabase?: Client }

const client = (): Client => shared.__atelierDatabase ??= connect()

function connect(): Client {
  const sql = postgres(databaseUrl(), {
    max: 20,
    connect_timeout: 5,
    // The driver's own waits grow to 20 s, and for so long after an outage nobody would hear of changes.
    backoff: attempts => Math.min(0.05 * 2 ** attempts, 1),
    // Connections are not cycled for the sake of it: a fresh one costs more than it mends.
    max_lifetime: null,
    onnotice: () => {},
    connection: { application_name: 'atelier' },
  })
  return { sql, db: drizzle(sql, { schema }) }
}

/** The database. Opened at first use; connections come back by themselves after an outage. */
export const db = (): Database => client().db

/** The driver itself, for LISTEN and reserved connections. */
export const driver = (): postgres.Sql => client().sql

/** Closes all connections; the next use opens them again. */
export async function closeDatabase(): Promise<void> {
  await shared.__atelierDatabase?.sql.end({ timeout: 5 })
  shared.__atelierDatabase = undefined
}
