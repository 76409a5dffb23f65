import { sql } from 'drizzle-orm'
import { db } from '../client'

/** Asks the database for an answer, any. */
export async function ping(): Promise<void> {
  await db().execute(sql`select 1`)
}
