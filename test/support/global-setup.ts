import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { build } from '../../scripts/lib/build.ts'
import { migrate } from '../../scripts/lib/migrate.ts'
import { startPostgres } from '../../scripts/lib/postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL of this test run; its database is migrated and serves as a template. */
    postgresUrl: string
  }
}

/** One build and one PostgreSQL for all suites against the server; every test file gets a database of its own. */
export default async function setup(project: TestProject) {
  await build(() => {})
  const dataDir = await mkdtemp(join(tmpdir(), 'atelier-test-'))
  const postgres = await startPostgres({ dataDir: join(dataDir, 'postgres') })
  await migrate(postgres.url)
  project.provide('postgresUrl', postgres.url)
  return async () => {
    await postgres.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}
