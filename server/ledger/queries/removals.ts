import { and, eq, isNotNull, or, sql } from 'drizzle-orm'
import { batched } from '../../db/batch'
import { db, type Transaction } from '../../db/client'
import { externalResources } from '../../db/schema'
import type { CreatedResource, KnownResource, Removable } from '../../lib/resource-driver'
import type { Held } from './leases'
import { leaseAvailable } from './liveness'
import { LEASE, whileHeld } from './resources'

const t = externalResources

export type RemovalLease = { state: 'gone' } | { state: 'busy' } | { state: 'leased', removable: Removable }

interface LeasedRow extends Record<string, unknown> { fence: number, created: CreatedResource | null, since: string, until: string }

/** Takes the lease of a resource to remove it. It is the lease that creating takes, too: nobody can do both at once. */
export async function leaseRemoval({ rowId }: KnownResource, holder: string): Promise<RemovalLease> {
  const [row] = await db().execute<LeasedRow>(sql`
    update ${t} r set lease_holder = ${holder}, leased_at = now(), leased_until = now() + ${LEASE}, fence = r.fence + 1
    where r.id = ${rowId} and (r.made_at is not null or r.intended_at is not null)
      and (r.lease_holder = ${holder} or ${leaseAvailable(sql`r`, sql`${holder}::uuid`)})
    returning r.fence::int as fence, r.created_at as since, coalesce(r.made_at, r.intended_at) as until,
      case when r.made_at is not null then jsonb_build_object('id', r.external_id, 'url', r.url, 'detail', r.detail) end as created`)
  if (row) {
    const { fence, created, since, until } = row
    return { state: 'leased', removable: { rowId, fence, created, since: new Date(since), until: new Date(until) } }
  }
  const [left] = await db().select({ id: t.id }).from(t).where(and(eq(t.id, rowId), or(isNotNull(t.madeAt), isNotNull(t.intendedAt))))
  return { state: left ? 'busy' : 'gone' }
}

/** Renews the lease before the removing call. False when it was lost: then the call must not be made. */
export const renewRemoval = batched<Held, boolean>(held => whileHeld(held, sql`leased_until = now() + ${LEASE}`))

/** Releases the lease after a failure. */
export const releaseRemoval = batched<Held, boolean>(held => whileHeld(held, sql`lease_holder = null`))

const REMOVED = sql`made_at = null, intended_at = null, removed_at = now(), lease_holder = null`

/** Records that a resource is gone, and its parts with it. False when the lease was lost. */
export async function recordRemoval({ subjectId, service, key }: KnownResource, held: Held, parts: readonly string[]): Promise<boolean> {
  return db().transaction(async (tx) => {
    const [gone] = await tx.execute(sql`update ${t} set ${REMOVED} where id = ${held.rowId} and fence = ${held.fence} returning id`)
    if (gone && parts.length) await tx.execute(sql`
      update ${t} set ${REMOVED}, fence = fence + 1
      where subject_id = ${subjectId} and service = ${service} and key = ${key} and type in ${parts}`)
    return gone !== undefined
  })
}

/** Records that everything that was created for a subject is gone: it can be created again. */
export async function forgetResources(tx: Transaction, subjectId: string): Promise<void> {
  await tx.execute(sql`update ${t} set ${REMOVED}, fence = fence + 1 where subject_id = ${subjectId} and made_at is not null`)
}
