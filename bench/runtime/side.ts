import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import postgres from 'postgres'
import { migrate } from '../../scripts/lib/migrate.ts'
import { freePort } from '../../scripts/lib/ports.ts'
import { exitWithParent, startNode } from '../../scripts/lib/processes.ts'

export type SideName = 'stock' | 'ours'

/** Some processes on a database of their own that run five-step workflows. */
export interface Side {
  name: SideName
  sql: postgres.Sql
  /** Starts a run on the next process in turn. */
  start(): Promise<void>
}

/** Starts a side and waits until each of its processes has run a workflow. */
export async function startSide(name: SideName, processes: number, { script, server, stack }: { script: string, server: string, stack: AsyncDisposableStack }): Promise<Side> {
  const url = new URL(server)
  url.pathname = `/bench_${name}_${processes}`
  const admin = postgres(server, { max: 1, onnotice: () => {} })
  await admin.unsafe(`create database ${url.pathname.slice(1)}`)
  await admin.end()
  await migrate(url.href)
  const sql = postgres(url.href, { max: 2, onnotice: () => {} })
  stack.defer(() => sql.end())
  const ports = await Promise.all(Array.from({ length: processes }, () => startProcess({ name, script, databaseUrl: url.href, stack })))
  let turn = 0
  return {
    name,
    sql,
    async start() {
      const response = await fetch(`http://127.0.0.1:${ports[turn++ % ports.length]}/start`, { method: 'POST' })
      if (!response.ok) throw new Error(`A run did not start: ${response.status} ${await response.text()}`)
    },
  }
}

async function startProcess({ name, script, databaseUrl, stack }: { name: SideName, script: string, databaseUrl: string, stack: AsyncDisposableStack }): Promise<number> {
  const port = await freePort()
  const child = startNode(script, {
    nodeOptions: exitWithParent,
    env: { ...process.env, DATABASE_URL: databaseUrl, PORT: String(port), BENCH_SIDE: name, LOG_LEVEL: 'error' },
  })
  stack.defer(async () => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })
  for (;;) {
    if (await fetch(`http://127.0.0.1:${port}/start`, { method: 'POST' }).then(answer => answer.ok, () => false)) return port
    if (child.exitCode !== null) throw new Error(`The server of the ${name} side ended with ${child.exitCode}.`)
    await wait(50)
  }
}
