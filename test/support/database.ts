import { randomUUID } from 'node:crypto'
import { migrate } from '../../scripts/lib/migrate.ts'
import { shared } from './shared.ts'
import { withDatabase } from './sql.ts'

/** A database of a suite's own. */
export interface Database { url: string, drop(): Promise<void> }

const named = (url: string, name: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href

/** Has PostgreSQL do something beside the databases of suites: it copies none that somebody is connected to. */
export async function administer(url: string, sentence: string): Promise<void> {
  await withDatabase(named(url, 'postgres'), sql => sql.unsafe(sentence))
}

/** Makes a migrated database that others are copied from. @returns its URL */
export async function createTemplate(postgresUrl: string): Promise<string> {
  await administer(postgresUrl, 'create database migrated')
  const url = named(postgresUrl, 'migrated')
  await migrate(url)
  return url
}

/** Makes a migrated database of a suite's own: a copy of the test run's, unless told of another. */
export async function createDatabase(templateUrl?: string): Promise<Database> {
  return copy(templateUrl ?? await shared('postgres'))
}

/** Makes a database of a suite's own with nothing in it. */
export async function createEmptyDatabase(): Promise<Database> {
  return copy(named(await shared('postgres'), 'template1'))
}

async function copy(templateUrl: string): Promise<Database> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await administer(templateUrl, `create database ${name} template "${new URL(templateUrl).pathname.slice(1)}"`)
  return { url: named(templateUrl, name), drop: () => administer(templateUrl, `drop database if exists ${name} with (force)`) }
}
