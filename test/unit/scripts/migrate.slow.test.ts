import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { expect, it, onTestFinished } from 'vitest'
import { migrate } from '../../../scripts/lib/migrate.ts'
import { createEmptyDatabase } from '../../support/database.ts'
import { temporaryFolder } from './helpers.ts'

/** An empty database of the test's own. */
async function database() {
  const { url, drop } = await createEmptyDatabase()
  onTestFinished(drop)
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  onTestFinished(() => sql.end())
  return { url, sql }
}

/** A folder of migrations, in the format of drizzle-kit. */
async function migrations(statements: string[]): Promise<string> {
  const folder = await temporaryFolder()
  await write(folder, statements)
  return folder
}

async function write(folder: string, statements: string[]): Promise<void> {
  await mkdir(join(folder, 'meta'), { recursive: true })
  const entries = statements.map((_, idx) =>
    ({ idx, version: '7', when: 1_800_000_000_000 + idx, tag: `000${idx}`, breakpoints: true }))
  const journal = JSON.stringify({ version: '7', dialect: 'postgresql', entries })
  await writeFile(join(folder, 'meta', '_journal.json'), journal)
  await Promise.all(statements.map((statement, idx) => writeFile(join(folder, `000${idx}.sql`), statement)))
}

it('applies our migrations and the runtime\'s once for three concurrent calls', async () => {
  const { url, sql } = await database()
  const done = await Promise.all([1, 2, 3].map(() => migrate(url)))
  expect(done.filter(({ app }) => app)).toHaveLength(1)
  expect(done.filter(({ runtime }) => runtime)).toHaveLength(1)
  const tables = await sql<{ name: string }[]>`select schemaname || '.' || tablename as name from pg_tables`
  expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining([
    'public.courses', 'workflow.workflow_runs', 'graphile_worker._private_jobs',
  ]))
})

it('applies only new migrations', async () => {
  const { url, sql } = await database()
  const folder = await migrations(['create table one (id int primary key)'])
  expect(await migrate(url, folder)).toEqual({ app: true, runtime: true })
  expect(await migrate(url, folder)).toEqual({ app: false, runtime: false })
  await write(folder, ['create table one (id int primary key)', 'create table two (id int primary key)'])
  expect(await migrate(url, folder)).toEqual({ app: true, runtime: false })
  expect(await sql`select * from two`).toEqual([])
})

it('migrates the runtime when its version has changed', async () => {
  const { url, sql } = await database()
  const folder = await migrations(['select 1'])
  await migrate(url, folder)
  await sql`comment on schema workflow_drizzle is '4.0.0 0.16.0'`
  expect(await migrate(url, folder)).toEqual({ app: false, runtime: true })
  expect(await migrate(url, folder)).toEqual({ app: false, runtime: false })
})

it('rolls back a failed migration, and releases its lock', async () => {
  const { url, sql } = await database()
  const folder = await migrations(['create table half (id int);--> statement-breakpoint\nselect nonsense()'])
  await expect(migrate(url, folder)).rejects.toThrow()
  expect(await sql`select to_regclass('half') as found`).toEqual([{ found: null }])
  await write(folder, ['create table half (id int)'])
  expect(await migrate(url, folder)).toMatchObject({ app: true })
})

it('fails with the reason when the database is not there', async () => {
  const { url, drop } = await createEmptyDatabase()
  await drop()
  await expect(migrate(url)).rejects.toThrow(/does not exist/)
})
