import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { LaunchError } from './errors.ts'
import { fromRoot } from './root.ts'
import { withoutSecrets } from './without-secrets.ts'

const run = promisify(execFile)
const require = createRequire(import.meta.url)

/** Advisory lock, so that concurrent launchers migrate a database one after the other. The number is arbitrary. */
const MIGRATION_LOCK = 4_150_022

/** What we add to the runtime's schema. */
const runtimeAdditions = fromRoot('drizzle', 'runtime.sql')

export interface Migrated { app: boolean, runtime: boolean }

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T
}

/** The journal's time of the last migration. Drizzle compares it with the times of applied migrations. */
async function lastMigration(folder: string): Promise<number> {
  const { entries } = await readJson<{ entries: { when: number }[] }>(join(folder, 'meta', '_journal.json'))
  return Math.max(0, ...entries.map(entry => entry.when))
}

/** The versions of the runtime's package and its job queue, and a digest of our additions: they determine the runtime's schema. */
async function runtimeVersion(world: string): Promise<string> {
  const queue = createRequire(join(world, 'package.json')).resolve('graphile-worker/package.json')
  const versions = await Promise.all([join(world, 'package.json'), queue].map(path => readJson<{ version: string }>(path)))
  const digest = createHash('sha256').update(await readFile(runtimeAdditions)).digest('hex').slice(0, 12)
  return [...versions.map(({ version }) => version), digest].join(' ')
}

interface Applied { app: number, runtime: string | null }

async function readApplied(sql: postgres.Sql): Promise<Applied> {
  const [found] = await sql<{ app: boolean, runtime: string | null }[]>`
    select to_regclass('drizzle.__drizzle_migrations') is not null as app,
      (select obj_description(oid, 'pg_namespace') from pg_namespace where nspname = 'workflow_drizzle') as runtime`
  if (!found?.app) return { app: -1, runtime: found?.runtime ?? null }
  const [last] = await sql<{ at: string | null }[]>`select max(created_at)::text as at from drizzle.__drizzle_migrations`
  return { app: Number(last?.at ?? -1), runtime: found.runtime }
}

async function bootstrapRuntime(sql: postgres.Sql, world: string, version: string, databaseUrl: string): Promise<void> {
  // In a child process, because it ends its process. In its own folder, because it would read our .env.
  await run(process.execPath, [join(world, 'bin', 'setup.js')], {
    cwd: world, env: { ...withoutSecrets(process.env), WORKFLOW_POSTGRES_URL: databaseUrl },
  }).catch((error: Error & { stderr?: string }) => {
    throw new LaunchError(`The workflow runtime could not prepare the database: ${(error.stderr || error.message).trim()}`)
  })
  await sql.unsafe(await readFile(runtimeAdditions, 'utf8'))
  await sql.unsafe(`comment on schema workflow_drizzle is '${version}'`)
}

async function applyMigrations(sql: postgres.Sql, migrationsFolder: string): Promise<void> {
  const [{ drizzle }, { migrate: apply }] = await Promise.all([
    import('drizzle-orm/postgres-js'), import('drizzle-orm/postgres-js/migrator'),
  ])
  await apply(drizzle(sql), { migrationsFolder })
}

/**
 * Migrates a database: the workflow runtime's tables with our additions, then our own from `drizzle/migrations`. Several processes may
 * call it concurrently. Without new migrations it costs two short queries.
 * @returns the parts that were migrated
 */
export async function migrate(databaseUrl: string, migrationsFolder = fromRoot('drizzle', 'migrations')): Promise<Migrated> {
  const world = dirname(dirname(require.resolve('@workflow/world-postgres')))
  const [wantedApp, wantedRuntime] = await Promise.all([lastMigration(migrationsFolder), runtimeVersion(world)])
  const missing = ({ app, runtime }: Applied): Migrated => ({ app: app < wantedApp, runtime: runtime !== wantedRuntime })
  const sql = postgres(databaseUrl, { max: 2, onnotice: () => {} })
  try {
    const before = missing(await readApplied(sql))
    if (!before.app && !before.runtime) return before
    return await sql.begin(async (tx) => {
      // A lock of the transaction, not of the session, because it also works behind a transaction pooler.
      await tx`select pg_advisory_xact_lock(${MIGRATION_LOCK})`
      const now = missing(await readApplied(sql))
      // In sequence, because the runtime's migrations temporarily create types in "public", where ours are.
      if (now.runtime) await bootstrapRuntime(sql, world, wantedRuntime, databaseUrl)
      if (now.app) await applyMigrations(sql, migrationsFolder)
      return now
    })
  }
  finally {
    await sql.end({ timeout: 5 })
  }
}
