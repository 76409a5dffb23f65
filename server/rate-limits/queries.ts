import { eq, sql } from 'drizzle-orm'
import { db } from '../db/client'
import { rateBudgets } from '../db/schema'
import { type Budget, emptyBudget } from './state'

/** A budget as it was at a version of its own; `at` is the database's time in ms. */
export interface BudgetVersion { version: number, state: Budget, at: number }

const CLOCK = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::float8`

/** The budget as it is; version 0 when nobody has drawn from it yet. */
export async function readBudget(id: string): Promise<BudgetVersion> {
  const [row] = await db().execute<{ version: number, state: Budget | null, at: number }>(sql`
    select coalesce(b.version, 0)::int as version, b.state, ${CLOCK} as at from (values (${id})) w(id) left join ${rateBudgets} b on b.id = w.id`)
  return { version: row!.version, state: row!.state ?? emptyBudget(), at: row!.at }
}

/**
 * Writes the budget over the version it was made from.
 * @returns the database's time in ms; undefined when somebody else has written in between
 */
export async function writeBudget(id: string, version: number, state: Budget): Promise<number | undefined> {
  const [written] = await db().execute<{ at: number }>(sql`
    insert into ${rateBudgets} as b (id, version, state) values (${id}, ${version + 1}, ${JSON.stringify(state)}::jsonb)
    on conflict (id) do update set version = excluded.version, state = excluded.state, updated_at = now() where b.version = ${version}
    returning ${CLOCK} as at`)
  return written?.at
}

/** The budget of that id, if anybody has drawn from it. */
export async function findBudget(id: string): Promise<Budget | undefined> {
  const [row] = await db().select({ state: rateBudgets.state }).from(rateBudgets).where(eq(rateBudgets.id, id))
  return row?.state
}

/** The ids of all budgets. */
export async function listBudgets(): Promise<string[]> {
  return (await db().select({ id: rateBudgets.id }).from(rateBudgets)).map(({ id }) => id)
}
