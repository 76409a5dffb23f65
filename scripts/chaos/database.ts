import postgres from 'postgres'
import { startPostgres } from '../lib/postgres.ts'

/** A PostgreSQL that fault injection can stop, kill and start again. */
export interface Database {
  /** Connection string of the owner. */
  url: string
  /** Connection string of one process. Each process has its own role, so that its connections can be told apart. */
  urlFor: (role: string) => string
  isUp: () => boolean
  /** Runs a query on a connection of the chaos test itself. @throws while PostgreSQL is down */
  query: <T>(work: (sql: postgres.Sql) => Promise<T>) => Promise<T>
  /** `fast`: a regular shutdown. `crash`: SIGKILL, like a power cut. PostgreSQL stays down until `start`. */
  stop: (how: 'fast' | 'crash') => Promise<void>
  start: () => Promise<void>
  /** Terminates some connections of a role. @returns their number */
  dropConnections: (role: string) => Promise<number>
  close: () => Promise<void>
}

/** Starts PostgreSQL in its own folder, and creates the roles. */
export async function startDatabase(
  dataDir: string,
  roles: string[],
  prepare: (url: string) => Promise<unknown>,
): Promise<Database> {
  let running = await startPostgres({ dataDir })
  const { url, port } = running
  let isUp = true
  await prepare(url)
  const sql = postgres(url, { max: 2, connect_timeout: 2, idle_timeout: 5, backoff: () => 0.1, onnotice: () => {} })
  const { password } = new URL(url)
  // Superusers, so that all roles may use all tables. The database is local to this machine, behind the owner's password.
  for (const role of roles) await sql.unsafe(`create role ${role} superuser login password '${password}'`)

  async function start(): Promise<void> {
    running = await startPostgres({ dataDir, port })
    isUp = true
  }

  return {
    url,
    urlFor: role => Object.assign(new URL(url), { username: role }).href,
    isUp: () => isUp,
    query: work => work(sql),
    async stop(how) {
      isUp = false
      if (how === 'crash') process.kill(running.pid, 'SIGKILL')
      else await running.stop()
    },
    start,
    async dropConnections(role) {
      const dropped = await sql`
        select pg_terminate_backend(pid) from pg_stat_activity where usename = ${role} and random() < 0.7`
      return dropped.length
    },
    async close() {
      if (!isUp) await start()
      await sql.end({ timeout: 1 })
      await running.stop()
    },
  }
}
