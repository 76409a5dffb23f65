import { apart } from '../../db/client'

/** Asks the database for an answer, any. */
export async function ping(): Promise<void> {
  await apart()`select 1`
}
