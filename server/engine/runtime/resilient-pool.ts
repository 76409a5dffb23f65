import { Pool, type PoolClient } from 'pg'
import { runtimeDatabaseUrl } from '../../lib/env'
import { log } from '../../lib/log'
import { isConnectionLost } from '../../db/errors'

const AGAIN_MS = 500
const CONNECT_TIMEOUT_MS = 5_000

type Connected = (error: Error | undefined, client: PoolClient | undefined, done: (release?: unknown) => void) => void

/**
 * The runtime's connections to PostgreSQL. A worker of its job queue that cannot write down how a
 * job ended is gone for good, and a process whose workers are gone takes no more work until it is
 * started again. So nobody hears here that the database is away: they get their connection when
 * it is back, and are told to ask again when one broke under a query.
 */
export class ResilientPool extends Pool {
  #leaving = false

  constructor(size: number, registerWorker: (worker: string) => Promise<void>) {
    super({ connectionString: runtimeDatabaseUrl(), max: size, keepAlive: true, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, application_name: 'atelier runtime' })
    // Without a listener a lost idle connection would end the process; the pool opens a new one by itself.
    this.on('error', error => log.warn({ error }, 'The runtime lost a database connection.'))
    this.on('connect', client => observe(client, registerWorker))
  }

  /** From now on whoever asks while the database is away hears so: a process that ends cannot wait. */
  giveUp(): void {
    this.#leaving = true
  }

  override connect(): Promise<PoolClient>
  override connect(callback: Connected): void
  override connect(callback?: Connected): Promise<PoolClient> | undefined {
    const connected = this.#whenThere()
    if (!callback) return connected
    connected.then(client => callback(undefined, client, release => client.release(release as Error | boolean | undefined)), (error: Error) => callback(error, undefined, () => {}))
    return undefined
  }

  async #whenThere(): Promise<PoolClient> {
    for (let told = false; ; told = true) {
      try {
        return await super.connect()
      }
      catch (error) {
        if (this.#leaving || !isConnectionLost(error)) throw error
        if (!told) log.warn({ error }, 'The runtime waits for PostgreSQL.')
        await new Promise(resolve => setTimeout(resolve, AGAIN_MS))
      }
    }
  }
}

/** "Cannot connect now": one of the few codes on which Graphile Worker asks again instead of giving up. */
const ASK_AGAIN = '57P03'

type Ask = (query: unknown, ...rest: unknown[]) => unknown

/** Hears by which name a worker takes jobs, and turns a connection that broke under a query into an error after which it is asked again. */
function observe(client: PoolClient, registerWorker: (worker: string) => Promise<void>): void {
  const named = workersOf(registerWorker)
  const ask = client.query.bind(client) as Ask
  const askNamed: Ask = (query, ...rest) => {
    const worker = workerOf(query)
    const answer = worker ? named(worker).then(() => ask(query, ...rest)) : ask(query, ...rest)
    return answer instanceof Promise ? answer.catch(askAgain) : answer
  }
  client.query = askNamed as typeof client.query
}

function askAgain(error: unknown): never {
  throw error instanceof Error && isConnectionLost(error) ? Object.assign(error, { code: ASK_AGAIN }) : error
}

const known = new Map<string, Promise<void>>()

/** Has each worker written down once, before its first job. */
const workersOf = (registerWorker: (worker: string) => Promise<void>) => (worker: string): Promise<void> => {
  const naming = known.get(worker) ?? registerWorker(worker).catch((error: unknown) => {
    known.delete(worker)
    throw error
  })
  known.set(worker, naming)
  return naming
}

/** The worker that takes a job with this query, if it is one that does: Graphile Worker's statement of that name has the worker first. */
function workerOf(query: unknown): string | undefined {
  const { name, values } = Object(query) as { name?: unknown, values?: unknown[] }
  return typeof name === 'string' && name.startsWith('get_job') && typeof values?.[0] === 'string' ? values[0] : undefined
}
