import { sql as query } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { closeDatabase, db, type Transaction } from '../../../../server/db/client.ts'
import { useDatabase } from '../support/database.ts'

useDatabase()
afterEach(async () => {
  delete process.env.DATABASE_POOLED
  await closeDatabase()
})

/** How often the connection of a transaction has prepared a statement that contains a word. */
async function countPrepared(tx: Transaction, word: string): Promise<number> {
  const [row] = await tx.execute<{ count: number }>(query`
    select count(*)::int as count from pg_prepared_statements
    where statement like ${`%${word}%`} and statement not like '%pg_prepared_statements%'`)
  return row!.count
}

describe('statements of drizzle', () => {
  it('are prepared once for each text, also inside transactions and savepoints', async () => {
    await db().transaction(async (tx) => {
      for (const n of [1, 2]) expect(await tx.execute(query`select ${n}::int as once`)).toEqual([{ once: n }])
      await tx.transaction(nested => nested.execute(query`select ${3}::int as once`))
      expect(await countPrepared(tx, 'once')).toBe(1)
    })
  })

  it('stay unprepared with many values, as each number of them is another text', async () => {
    await db().transaction(async (tx) => {
      const values = query.join(Array.from({ length: 33 }, (_, n) => query`${n}::int`), query`, `)
      await tx.execute(query`select array[${values}] as many`)
      expect(await countPrepared(tx, 'many')).toBe(0)
    })
  })

  it('stay unprepared behind a transaction pooler, which gives each transaction another session', async () => {
    process.env.DATABASE_POOLED = 'true'
    await db().transaction(async (tx) => {
      await tx.execute(query`select ${1}::int as pooled`)
      expect(await countPrepared(tx, 'pooled')).toBe(0)
    })
  })
})
