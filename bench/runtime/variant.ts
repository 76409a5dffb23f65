import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import postgres from 'postgres'
import { migrate } from '../../scripts/lib/migrate.ts'
import { freePort } from '../../scripts/lib/ports.ts'
import { exitWithParent, startNode } from '../../scripts/lib/processes.ts'

/** `baseline`: the runtime alone. `atelier`: the runtime with Atelier's additions. */
export type VariantName = 'baseline' | 'atelier'

/** Server processes of one variant, on their own database. */
export interface Variant {
  name: VariantName
  sql: postgres.Sql
  /** Starts a five-step run on the next process. */
  start(): Promise<void>
}

interface VariantOptions {
  processes: number
  /** The script of the built server. */
  script: string
  /** Connection string of the PostgreSQL server. */
  server: string
  stack: AsyncDisposableStack
}

/** Starts a variant, and waits until each process has started a run. */
export async function startVariant(
  name: VariantName,
  { processes, script, server, stack }: VariantOptions,
): Promise<Variant> {
  const url = new URL(server)
  url.pathname = `/bench_${name}_${processes}`
  const admin = postgres(server, { max: 1, onnotice: () => {} })
  await admin.unsafe(`create database ${url.pathname.slice(1)}`)
  await admin.end()
  await migrate(url.href)
  const sql = postgres(url.href, { max: 2, onnotice: () => {} })
  stack.defer(() => sql.end())
  const ports = await Promise.all(Array.from({ length: processes }, () =>
    startProcess({ name, script, databaseUrl: url.href, stack })))
  let next = 0
  return {
    name,
    sql,
    async start() {
      const response = await fetch(`http://127.0.0.1:${ports[next++ % ports.length]}/start`, { method: 'POST' })
      if (!response.ok) throw new Error(`A run did not start: ${response.status} ${await response.text()}`)
    },
  }
}

interface ProcessOptions { name: VariantName, script: string, databaseUrl: string, stack: AsyncDisposableStack }

/** @returns the port of the process */
async function startProcess({ name, script, databaseUrl, stack }: ProcessOptions): Promise<number> {
  const port = await freePort()
  const child = startNode(script, {
    nodeOptions: exitWithParent,
    env: { ...process.env, DATABASE_URL: databaseUrl, PORT: String(port), BENCH_VARIANT: name, LOG_LEVEL: 'error' },
  })
  stack.defer(async () => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })
  for (;;) {
    if (await fetch(`http://127.0.0.1:${port}/start`, { method: 'POST' }).then(answer => answer.ok, () => false)) return port
    if (child.exitCode !== null) throw new Error(`The server of the ${name} variant ended with ${child.exitCode}.`)
    await wait(50)
  }
}
