import { sql, type SQL } from 'drizzle-orm'
import { batched } from '../../db/batch'
import { db } from '../../db/client'
import { externalResources, provisioningSteps } from '../../db/schema'

/** A lease that is held: its row, and the fencing number that makes writes of an old holder void. */
export interface Held { rowId: string, fence: number }

/** The tables whose rows are leased. */
export type Leased = 'item' | 'resource'

/** `leased_at` begins again, too: nobody takes a lease over right after its holder was told that it holds it. */
const RENEWED = sql`leased_at = now(), leased_until = now() + w."leaseMs" * interval '1 millisecond'`

const tables = { item: provisioningSteps, resource: externalResources }

/** Renews leases. @returns for each whether it was still held */
export const renewLeases = (of: Leased, leases: (Held & { leaseMs: number })[]): Promise<boolean[]> =>
  whileHeld(of, leases, RENEWED)

/**
 * Renews leases, all that are asked for in one turn by one statement for each table. @returns for each whether it was
 * still held
 */
export const confirmLeases = batched<Held & { of: Leased, leaseMs: number }, boolean>(async (wanted) => {
  const answers = new Map<Held, boolean>()
  await Promise.all((['item', 'resource'] as const).map(async (of) => {
    const own = wanted.filter(lease => lease.of === of)
    const renewed = own.length ? await renewLeases(of, own) : []
    own.forEach((lease, n) => answers.set(lease, renewed[n]!))
  }))
  return wanted.map(lease => answers.get(lease)!)
})

/** Releases leases that are not needed any more. */
export const releaseLeases = (of: Leased, leases: Held[]): Promise<boolean[]> =>
  whileHeld(of, leases, sql`lease_holder = null`)

async function whileHeld(of: Leased, leases: readonly Held[], set: SQL): Promise<boolean[]> {
  const table = tables[of]
  const rows = await db().execute<{ id: string, fence: number }>(sql`
    update ${table} r set ${set}
    from jsonb_to_recordset(${JSON.stringify(leases)}::jsonb) as w("rowId" uuid, fence bigint, "leaseMs" int)
    where r.id = w."rowId" and r.fence = w.fence and r.lease_holder is not null and r.id in ${leases.map(({ rowId }) => rowId)}
    returning r.id, r.fence::int as fence`)
  const written = new Set(rows.map(({ id, fence }) => `${id} ${fence}`))
  return leases.map(({ rowId, fence }) => written.has(`${rowId} ${fence}`))
}
