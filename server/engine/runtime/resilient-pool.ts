import { Pool, type PoolClient } from 'pg'
import { isConnectionLost } from '../../db/errors'
import { runtimeDatabaseUrl } from '../../lib/env'
import { log } from '../../lib/log'

const RETRY_MS = 500
const CONNECT_TIMEOUT_MS = 5_000

type Connected = (error: Error | undefined, client: PoolClient | undefined, done: (release?: unknown) => void) => void

/**
 * The runtime's connections to PostgreSQL. A worker of its job queue that cannot record the end of a job stops for
 * good, and a process without workers accepts no more work until it is started again. So this pool hides an outage:
 * callers get their connection when the database is back, and a query that broke fails as one that can be retried.
 */
export class ResilientPool extends Pool {
  #isDraining = false

  constructor(size: number, registerWorker: (worker: string) => Promise<void>) {
    super({
      connectionString: runtimeDatabaseUrl(),
      max: size,
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      application_name: 'atelier runtime',
    })
    // Without a listener a lost idle connection would end the process; the pool opens a new one by itself.
    this.on('error', error => log.warn({ error }, 'The runtime lost a database connection.'))
    this.on('connect', client => wrapQueries(client, registerWorker))
  }

  /** Lets callers see from now on that the database is away: a process that ends cannot wait. */
  stopRetrying(): void {
    this.#isDraining = true
  }

  override connect(): Promise<PoolClient>
  override connect(callback: Connected): void
  override connect(callback?: Connected): Promise<PoolClient> | undefined {
    const connected = this.#connectWithRetry()
    if (!callback) return connected
    connected.then(
      client => callback(undefined, client, release => client.release(release as Error | boolean | undefined)),
      (error: Error) => callback(error, undefined, () => {}),
    )
    return undefined
  }

  async #connectWithRetry(): Promise<PoolClient> {
    for (let isLogged = false; ; isLogged = true) {
      try {
        return await super.connect()
      }
      catch (error) {
        if (this.#isDraining || !isConnectionLost(error)) throw error
        if (!isLogged) log.warn({ error }, 'The runtime waits for PostgreSQL.')
        await new Promise(resolve => setTimeout(resolve, RETRY_MS))
      }
    }
  }
}

/** "Cannot connect now": one of the few codes on which Graphile Worker retries. */
const CANNOT_CONNECT_NOW = '57P03'

type Query = (statement: unknown, ...rest: unknown[]) => unknown

/** Registers each worker before it takes its first job, and turns a lost connection into an error that is retried. */
function wrapQueries(client: PoolClient, registerWorker: (worker: string) => Promise<void>): void {
  const register = registerOnce(registerWorker)
  const query = client.query.bind(client) as Query
  const wrapped: Query = (statement, ...rest) => {
    const worker = workerOf(statement)
    const named = nameStatement(statement)
    const answer = worker ? register(worker).then(() => query(named, ...rest)) : query(named, ...rest)
    return answer instanceof Promise ? answer.catch(throwRetryable) : answer
  }
  client.query = wrapped as typeof client.query
}

const names = new Map<string, string>()
/** Connections keep what has a name for ever. The runtime has some fifty statements. */
const MOST_NAMES = 200

/** Names a statement, so that its connection prepares it: then it takes no new plan at every call. */
function nameStatement(statement: unknown): unknown {
  const { text, name, submit } = Object(statement) as { text?: unknown, name?: unknown, submit?: unknown }
  if (typeof text !== 'string' || name !== undefined || submit !== undefined) return statement
  if (!names.has(text) && names.size < MOST_NAMES) names.set(text, `atelier_${names.size}`)
  return { ...statement as object, name: names.get(text) }
}

function throwRetryable(error: unknown): never {
  throw error instanceof Error && isConnectionLost(error) ? Object.assign(error, { code: CANNOT_CONNECT_NOW }) : error
}

const registered = new Map<string, Promise<void>>()

const registerOnce = (registerWorker: (worker: string) => Promise<void>) => (worker: string): Promise<void> => {
  const registering = registered.get(worker) ?? registerWorker(worker).catch((error: unknown) => {
    registered.delete(worker)
    throw error
  })
  registered.set(worker, registering)
  return registering
}

/** The worker that takes a job with this statement, if one does: the worker is the first value of Graphile Worker's `get_job`. */
function workerOf(statement: unknown): string | undefined {
  const { name, values } = Object(statement) as { name?: unknown, values?: unknown[] }
  return typeof name === 'string' && name.startsWith('get_job') && typeof values?.[0] === 'string' ? values[0] : undefined
}
