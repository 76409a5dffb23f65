import { execFile } from 'node:child_process'
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

/** Any number: launchers that start at the same time on one database take turns by it. */
const LOCK = 4_150_022

export interface Migrated { app: boolean, runtime: boolean }

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T
}

/** The time in the journal of the last committed migration; by it drizzle knows what is applied. */
async function lastMigration(folder: string): Promise<number> {
  const { entries } = await readJson<{ entries: { when: number }[] }>(join(folder, 'meta', '_journal.json'))
  return Math.max(0, ...entries.map(entry => entry.when))
}

/** The runtime's own package and the job queue within it: its schema is as old as these two. */
async function runtimeVersion(world: string): Promise<string> {
  const queue = createRequire(join(world, 'package.json')).resolve('graphile-worker/package.json')
  const versions = await Promise.all([join(world, 'package.json'), queue].map(path => readJson<{ version: string }>(path)))
  return versions.map(({ version }) => version).join(' ')
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
  // In a process of its own: it ends the one it runs in. From its own folder: it would read our .env.
  await run(process.execPath, [join(world, 'bin', 'setup.js')], {
    cwd: world, env: { ...withoutSecrets(process.env), WORKFLOW_POSTGRES_URL: databaseUrl },
  }).catch((error: Error & { stderr?: string }) => {
    throw new LaunchError(`The workflow runtime could not prepare the database: ${(error.stderr || error.message).trim()}`)
  })
  await sql.unsafe(`comment on schema workflow_drizzle is '${version}'`)
}

async function applyApp(sql: postgres.Sql, migrationsFolder: string): Promise<void> {
  const [{ drizzle }, { migrate: apply }] = await Promise.all([
    import('drizzle-orm/postgres-js'), import('drizzle-orm/postgres-js/migrator'),
  ])
  await apply(drizzle(sql), { migrationsFolder })
}

/**
 * Brings a database up to date: the workflow runtime's tables, then our own from `drizzle/migrations`.
 * Safe to call from several processes at once; costs two short queries when nothing is new.
 * @returns what had to be done
 */
export async function migrate(databaseUrl: string, migrationsFolder = fromRoot('drizzle', 'migrations')): Promise<Migrated> {
  const world = dirname(dirname(require.resolve('@workflow/world-postgres')))
  const [wantedApp, wantedRuntime] = await Promise.all([lastMigration(migrationsFolder), runtimeVersion(world)])
  const missing = ({ app, runtime }: Applied): Migrated => ({ app: app < wantedApp, runtime: runtime !== wantedRuntime })
  const sql = postgres(databaseUrl, { max: 2, onnotice: () => {} })
  try {
    const before = missing(await readApplied(sql))
    if (!before.app && !before.runtime) return before
    return await sql.begin(async (turn) => {
      // Of the transaction, not of the session: it holds behind a transaction pooler, too.
      await turn`select pg_advisory_xact_lock(${LOCK})`
      const now = missing(await readApplied(sql))
      // One after the other: the runtime's history makes types in "public" for a while, where ours are.
      if (now.runtime) await bootstrapRuntime(sql, world, wantedRuntime, databaseUrl)
      if (now.app) await applyApp(sql, migrationsFolder)
      return now
    })
  }
  finally {
    await sql.end({ timeout: 5 })
  }
}
