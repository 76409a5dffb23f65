import { and, asc, eq, sql } from 'drizzle-orm'
import { db } from '../client'
import { externalResources, processes } from '../schema'
import type { Resource } from '../../../shared/schemas/resource'

/** What a thing is, before it is made: unique by subject, service, type and key. */
export interface ResourceIdentity {
  subjectType: string
  subjectId: string
  runId: string
  service: Resource['service']
  type: Resource['type']
  key: string
  name: string
  groupNumber?: number
}

/** What is known of a thing once it is made. */
export interface MadeResource { id: string, url: string, detail?: Record<string, unknown> }

export type Lease
  = | { state: 'made', made: MadeResource }
    | { state: 'leased', rowId: string, fence: number, intended: boolean }
    | { state: 'busy' }

/** Longer than the calls of any one resource can take together, so that a live holder never loses its lease. */
const LEASE = sql`interval '60 seconds'`
/** A dead holder's last call may still be on its way to take effect. */
const SETTLE = sql`interval '2 seconds'`
/** Class of the advisory locks by which processes show that they live. */
export const PROCESS_LOCK = 4177

/**
 * Takes the right to make a resource: writes its row or takes over one whose lease is over.
 * A lease ends by time, by its holder's death (seen at its session lock, unless PostgreSQL
 * itself restarted since), or because this very process knows that it is not at it any more.
 */
export async function leaseResource(identity: ResourceIdentity, holder: { id: string, idle: boolean }): Promise<Lease> {
  const t = externalResources
  const over = sql`(
    ${t.leaseHolder} is null or ${t.leasedUntil} < now()
    or (${t.leaseHolder} = ${holder.id} and ${holder.idle})
    or (${t.leasedAt} < now() - ${SETTLE} and ${t.leasedAt} > pg_postmaster_start_time() and exists (
      select 1 from ${processes} p where p.id = ${t.leaseHolder} and p.lock_key is not null and not exists (
        select 1 from pg_locks l where l.locktype = 'advisory' and l.classid = ${PROCESS_LOCK} and l.objid::bigint = p.lock_key and l.granted)))
  )`
  const [leased] = await db().insert(t)
    .values({ ...identity, leaseHolder: holder.id, leasedAt: sql`now()`, leasedUntil: sql`now() + ${LEASE}` })
    .onConflictDoUpdate({
      target: [t.subjectId, t.service, t.type, t.key],
      set: { leaseHolder: holder.id, leasedAt: sql`now()`, leasedUntil: sql`now() + ${LEASE}`, fence: sql`${t.fence} + 1`, runId: identity.runId },
      setWhere: sql`${t.madeAt} is null and ${over}`,
    })
    .returning({ rowId: t.id, fence: t.fence, intendedAt: t.intendedAt })
  if (leased) return { state: 'leased', rowId: leased.rowId, fence: leased.fence, intended: leased.intendedAt !== null }
  const made = await findMade(identity)
  return made ? { state: 'made', made } : { state: 'busy' }
}

async function findMade({ subjectId, service, type, key }: ResourceIdentity): Promise<MadeResource | undefined> {
  const t = externalResources
  const [row] = await db().select({ id: t.externalId, url: t.url, detail: t.detail }).from(t)
    .where(and(eq(t.subjectId, subjectId), eq(t.service, service), eq(t.type, type), eq(t.key, key)))
  return row?.id ? { id: row.id, url: row.url ?? '', detail: row.detail ?? undefined } : undefined
}

/** Writes down that the call which makes the resource goes out now. */
export async function intendResource(rowId: string, fence: number): Promise<void> {
  await whileHeld(rowId, fence, { intendedAt: sql`now()` })
}

/** Keeps what was made and ends the lease. False when the lease was lost in the meantime. */
export const keepResource = (rowId: string, fence: number, made: MadeResource): Promise<boolean> =>
  whileHeld(rowId, fence, { externalId: made.id, url: made.url, detail: made.detail, madeAt: sql`now()`, leaseHolder: null })

/** Gives the lease back after a failure; with `nothingMade` also the intent, because the provider said no. */
export async function releaseResource(rowId: string, fence: number, { nothingMade }: { nothingMade: boolean }): Promise<void> {
  await whileHeld(rowId, fence, { leaseHolder: null, ...(nothingMade ? { intendedAt: null } : {}) })
}

async function whileHeld(rowId: string, fence: number, set: Parameters<ReturnType<ReturnType<typeof db>['update']>['set']>[0]): Promise<boolean> {
  const t = externalResources
  const rows = await db().update(t).set(set as never).where(and(eq(t.id, rowId), eq(t.fence, fence))).returning({ id: t.id })
  return rows.length > 0
}

/** Everything made for a subject, in the order it was made. */
export async function listResources(subjectId: string): Promise<Resource[]> {
  const t = externalResources
  const rows = await db().select().from(t).where(and(eq(t.subjectId, subjectId), sql`${t.madeAt} is not null`)).orderBy(asc(t.madeAt), asc(t.key))
  return rows.map(row => ({
    id: row.id,
    service: row.service,
    type: row.type,
    key: row.key,
    name: row.name,
    externalId: row.externalId ?? '',
    url: row.url,
    groupNumber: row.groupNumber,
    createdAt: (row.madeAt ?? row.createdAt).toISOString(),
  }))
}
