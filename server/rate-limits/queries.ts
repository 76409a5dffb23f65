import { eq, sql } from 'drizzle-orm'
import { db } from '../db/client'
import { rateLimits } from '../db/schema'
import { emptyState, type RateLimitState } from './state'

/** A rate limiter's state at one of its versions; `at` is the database's time in ms. */
export interface StateVersion { version: number, state: RateLimitState, at: number }

const CLOCK = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::float8`

/** Reads the state; version 0 when nobody has used the rate limiter yet. */
export async function readState(limiterId: string): Promise<StateVersion> {
  const [row] = await db().execute<{ version: number, state: RateLimitState | null, at: number }>(sql`
    select coalesce(l.version, 0)::int as version, l.state, ${CLOCK} as at
    from (values (${limiterId})) wanted(id)
    left join ${rateLimits} l on l.id = wanted.id`)
  return { version: row!.version, state: row!.state ?? emptyState(), at: row!.at }
}

/**
 * Writes the state over the version it was made from.
 * @returns the database's time in ms; undefined when another process has written in between
 */
export async function writeState(limiterId: string, version: number, state: RateLimitState): Promise<number | undefined> {
  const [written] = await db().execute<{ at: number }>(sql`
    insert into ${rateLimits} as l (id, version, state)
    values (${limiterId}, ${version + 1}, ${JSON.stringify(state)}::jsonb)
    on conflict (id) do update
      set version = excluded.version, state = excluded.state, updated_at = now()
      where l.version = ${version}
    returning ${CLOCK} as at`)
  return written?.at
}

/** The state of that rate limiter, when anybody has used it. */
export async function findState(limiterId: string): Promise<RateLimitState | undefined> {
  const [row] = await db().select({ state: rateLimits.state }).from(rateLimits).where(eq(rateLimits.id, limiterId))
  return row?.state
}

/** The ids of all rate limiters. */
export async function listLimiterIds(): Promise<string[]> {
  return (await db().select({ id: rateLimits.id }).from(rateLimits)).map(({ id }) => id)
}
