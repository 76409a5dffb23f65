import { sql, type SQL } from 'drizzle-orm'
import { db } from '../../db/client'
import { externalResources, provisioningSteps } from '../../db/schema'

/** A lease that is held: its row, and the fencing number that makes writes of an old holder void. */
export interface Held { rowId: string, fence: number }

/** The tables whose rows are leased. */
export type Leased = 'item' | 'resource'

const tables = { item: provisioningSteps, resource: externalResources }

/** Renews leases. @returns for each whether it was still held */
export const renewLeases = (of: Leased, leases: (Held & { leaseMs: number })[]): Promise<boolean[]> =>
  whileHeld(of, leases, sql`leased_until = now() + w."leaseMs" * interval '1 millisecond'`)

/** Releases leases that are not needed any more. */
export const releaseLeases = (of: Leased, leases: Held[]): Promise<boolean[]> =>
  whileHeld(of, leases, sql`lease_holder = null`)

async function whileHeld(of: Leased, leases: readonly Held[], set: SQL): Promise<boolean[]> {
  const table = tables[of]
  const rows = await db().execute<{ id: string }>(sql`
    update ${table} r set ${set}
    from jsonb_to_recordset(${JSON.stringify(leases)}::jsonb) as w("rowId" uuid, fence bigint, "leaseMs" int)
    where r.id = w."rowId" and r.fence = w.fence and r.lease_holder is not null and r.id in ${leases.map(({ rowId }) => rowId)}
    returning r.id`)
  const written = new Set(rows.map(({ id }) => id))
  return leases.map(({ rowId }) => written.has(rowId))
}
