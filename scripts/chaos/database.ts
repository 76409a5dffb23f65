import postgres from 'postgres'
import { startPostgres } from '../lib/postgres.ts'

/** A PostgreSQL that can be taken away and brought back. */
export interface Database {
  /** Connection string of the owner. */
  url: string
  /** Connection string of a role of its own for one process, so that its connections are known. */
  urlFor: (role: string) => string
  isUp: () => boolean
  /** One question beside the servers; throws while it is away. */
  ask: <T>(work: (sql: postgres.Sql) => Promise<T>) => Promise<T>
  /** `fast` as an operator would, `crash` as a power cut would. It stays away until `start`. */
  stop: (how: 'fast' | 'crash') => Promise<void>
  start: () => Promise<void>
  /** Ends connections of one role; @returns how many */
  dropConnections: (role: string) => Promise<number>
  close: () => Promise<void>
}

/** Starts a PostgreSQL of its own in a folder, and makes the roles. */
export async function startDatabase(dataDir: string, roles: string[], prepare: (url: string) => Promise<unknown>): Promise<Database> {
  let running = await startPostgres({ dataDir })
  const { url, port } = running
  let isUp = true
  await prepare(url)
  const sql = postgres(url, { max: 2, connect_timeout: 2, idle_timeout: 5, backoff: () => 0.1, onnotice: () => {} })
  const { password } = new URL(url)
  // They are this machine's own, behind the password of the owner; superusers, so that whoever makes a table does not matter.
  for (const role of roles) await sql.unsafe(`create role ${role} superuser login password '${password}'`)

  async function start(): Promise<void> {
    running = await startPostgres({ dataDir, port })
    isUp = true
  }

  return {
    url,
    urlFor: role => Object.assign(new URL(url), { username: role }).href,
    isUp: () => isUp,
    ask: work => work(sql),
    async stop(how) {
      isUp = false
      if (how === 'crash') process.kill(running.pid, 'SIGKILL')
      else await running.stop()
    },
    start,
    dropConnections: async role => (await sql`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${role} and random() < 0.7`).length,
    async close() {
      if (!isUp) await start()
      await sql.end({ timeout: 1 })
      await running.stop()
    },
  }
}
