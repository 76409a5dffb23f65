import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll } from 'vitest'
import { migrate } from '../../../../scripts/lib/migrate.ts'
import { startPostgres, type RunningPostgres } from '../../../../scripts/lib/postgres.ts'
import { closeDatabase, db } from '../../../../server/db/client.ts'
import { insertRun } from '../../../../server/engine/queries/runs.ts'

/** A real, migrated PostgreSQL for the tests of a file; the server's own client speaks to it. */
export function useDatabase(): void {
  let dataDir: string | undefined
  let server: RunningPostgres | undefined
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'atelier-unit-'))
    server = await startPostgres({ dataDir })
    await migrate(server.url)
    process.env.DATABASE_URL = server.url
    connection = postgres(server.url, { onnotice: () => {} })
  })
  afterAll(async () => {
    await closeDatabase()
    await connection?.end()
    await server?.stop()
    if (dataDir) await rm(dataDir, { recursive: true, force: true })
  })
}

let connection: postgres.Sql | undefined

/** A connection beside the server's, whose driver leaves dates and JSON as text for drizzle to read. */
export const sql = (...query: [TemplateStringsArray, ...postgres.ParameterOrFragment<never>[]]) => connection!(...query)

/** A run of a course that is not there: with one item of the step CREATE_GITHUB_REPO. */
export async function newRun(): Promise<{ runId: string, subjectId: string }> {
  const [runId, subjectId] = [randomUUID(), randomUUID()]
  await db().transaction(tx => insertRun(tx, { id: runId, workflow: 'provision-course', subjectId, actor: 'owner', items: [{ name: 'CREATE_GITHUB_REPO', item: 'main' }] }))
  return { runId, subjectId }
}
