import { sql } from 'drizzle-orm'
import { db } from '../../db/client'
import { runs } from '../../db/schema'
import type { RunStatus } from '../../../shared/schemas/run'

/** How many runs of a workflow have a status. */
export interface RunCount extends Record<string, unknown> { workflow: string, status: RunStatus, count: number }

export const countRuns = (): Promise<RunCount[]> => db().execute<RunCount>(sql`
  select ${runs.workflow}, ${runs.status}, count(*)::int as count from ${runs} group by ${runs.workflow}, ${runs.status}`)

/** The runs that wait in the fair queue, and for how many seconds the oldest has. */
export async function measureFairQueue(): Promise<{ length: number, oldestSeconds: number }> {
  const [row] = await db().execute<{ length: number, oldestSeconds: number }>(sql`
    select count(*)::int as length, coalesce(extract(epoch from now() - min(${runs.createdAt})), 0)::float8 as "oldestSeconds"
    from ${runs} where ${runs.status} = 'pending' and ${runs.dispatchedAt} is null`)
  return row!
}
