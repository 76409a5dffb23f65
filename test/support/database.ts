import { randomUUID } from 'node:crypto'
import postgres from 'postgres'

/**
 * Makes a migrated database of its own in the test run's PostgreSQL.
 * @returns its URL, and how to remove it
 */
export async function createDatabase(templateUrl: string): Promise<{ url: string, drop(): Promise<void> }> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const template = new URL(templateUrl).pathname.slice(1)
  const admin = () => {
    const url = new URL(templateUrl)
    url.pathname = '/template1'
    return postgres(url.href, { max: 1, onnotice: () => {} })
  }
  const within = async (sentence: string) => {
    const sql = admin()
    try {
      await sql.unsafe(sentence)
    }
    finally {
      await sql.end()
    }
  }
  await within(`create database ${name} template "${template}"`)
  const url = new URL(templateUrl)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => within(`drop database if exists ${name} with (force)`) }
}
