import { and, asc, eq, isNotNull, ne, sql, type SQL } from 'drizzle-orm'
import { batched } from '../../db/batch'
import { db } from '../../db/client'
import { externalResources, processes, runs } from '../../db/schema'
import { isHarmless } from './liveness'
import type { CreatedResource } from '../../lib/resource-driver'
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

export type Lease
  = | { state: 'made', made: CreatedResource }
    | { state: 'leased', rowId: string, fence: number, intended: boolean }
    | { state: 'busy' }

/** Longer than the calls of any one resource can take together, so that a live holder never loses its lease. */
export const LEASE = sql`interval '60 seconds'`
/** A dead holder's last call may still be on its way to take effect. */
export const SETTLE = sql`interval '2 seconds'`

const t = externalResources

/**
 * Whether nobody is at the resource `r` any more: its lease was given back, is over, or its holder died.
 * @param judge id of the process that asks
 */
export const leaseAvailable = (judge: SQL) => sql`(
  r.lease_holder is null or r.leased_until < now()
  or (r.leased_at < now() - ${SETTLE} and exists (
    select 1 from ${processes} p where p.id = r.lease_holder and ${isHarmless(sql`p`, judge)})))`

/**
 * Takes the right to make a resource: writes its row or takes over one whose lease is over.
 * A lease ends by time, or by its holder's death. A process that asks for what it holds itself is not at it any more.
 * @param wanted.holder id of the process
 */
export const leaseResource = batched<ResourceIdentity & { holder: string }, Lease>(async (wanted) => {
  const keys = wanted.map(keyOf)
  // One statement cannot touch a row twice: a second taker of the same resource finds it busy.
  const first = wanted.filter((_, n) => keys.indexOf(keys[n]!) === n)
  const leased = await db().execute<LeasedRow>(sql`
    insert into ${t} as r (subject_type, subject_id, run_id, service, type, key, name, group_number, lease_holder, leased_at, leased_until)
    select w."subjectType", w."subjectId", w."runId", w.service, w.type, w.key, w.name, w."groupNumber", w.holder, now(), now() + ${LEASE}
    from jsonb_to_recordset(${JSON.stringify(first)}::jsonb)
      as w("subjectType" text, "subjectId" uuid, "runId" uuid, service text, type text, key text, name text, "groupNumber" int, holder uuid)
    on conflict (subject_id, service, type, key) do update
      set lease_holder = excluded.lease_holder, leased_at = now(), leased_until = excluded.leased_until, fence = r.fence + 1, run_id = excluded.run_id, removed_at = null
      where r.made_at is null and (r.lease_holder = excluded.lease_holder or ${leaseAvailable(sql`excluded.lease_holder`)})
    returning r.subject_id as "subjectId", r.service, r.type, r.key, r.id as "rowId", r.fence::int as fence, r.intended_at is not null as intended`)
  const found = new Map<string, Lease>(leased.map(row => [keyOf(row), { state: 'leased', rowId: row.rowId, fence: row.fence, intended: row.intended }]))
  const rest = first.filter(one => !found.has(keyOf(one)))
  for (const one of rest) {
    const made = await findCreated(one)
    found.set(keyOf(one), made ? { state: 'made', made } : { state: 'busy' })
  }
  return keys.map((key, n) => {
    const lease = found.get(key)!
    return lease.state === 'leased' && keys.indexOf(key) !== n ? { state: 'busy' } : lease
  })
})

type Key = Pick<ResourceIdentity, 'subjectId' | 'service' | 'type' | 'key'>
interface LeasedRow extends Key, Record<string, unknown> { rowId: string, fence: number, intended: boolean }

const keyOf = ({ subjectId, service, type, key }: Key) => [subjectId, service, type, key].join(' ')

async function findCreated({ subjectId, service, type, key }: Key): Promise<CreatedResource | undefined> {
  const [row] = await db().select({ id: t.externalId, url: t.url, detail: t.detail }).from(t)
    .where(and(eq(t.subjectId, subjectId), eq(t.service, service), eq(t.type, type), eq(t.key, key), isNotNull(t.madeAt)))
  return row?.id ? { id: row.id, url: row.url ?? '', detail: row.detail ?? undefined } : undefined
}

/** A lease that is held: its row, and the number that makes an old holder's writes void. */
export interface Held { rowId: string, fence: number }

/** Outside ids of the things of that kind and name that were made for another subject. */
export async function listForeignIds({ subjectId, service, type, name }: Pick<ResourceIdentity, 'subjectId' | 'service' | 'type' | 'name'>): Promise<string[]> {
  const rows = await db().select({ id: t.externalId }).from(t)
    .where(and(ne(t.subjectId, subjectId), eq(t.service, service), eq(t.type, type), eq(t.name, name), isNotNull(t.externalId)))
  return rows.map(row => row.id!)
}

/**
 * Writes down that the call which makes the resource goes out now, and begins the lease anew: the
 * look before it may have used up most of it. False when the lease was lost or the run was
 * cancelled: then it must not. The run is locked, so that after a cancel nothing more is intended.
 */
export const recordIntent = batched<Held, boolean>(held => whileHeld(held, sql`intended_at = now(), leased_until = now() + ${LEASE}`,
  sql`and r.run_id in (
    select run.id from ${runs} run where run.status <> 'cancelled' and run.id in (
      select made.run_id from ${t} made where made.id in ${held.map(({ rowId }) => rowId)})
    for share)`))

/** Keeps what was made and ends the lease. False when the lease was lost in the meantime. */
export const recordResource = batched<Held & { made: CreatedResource }, boolean>(held =>
  whileHeld(held, sql`external_id = w.made->>'id', url = w.made->>'url', detail = w.made->'detail', made_at = now(), lease_holder = null`))

/** Gives the lease back after a failure; with `nothingMade` also the intent, because the provider said no. */
export const releaseResource = batched<Held & { nothingMade: boolean }, boolean>(held =>
  whileHeld(held, sql`lease_holder = null, intended_at = case when w."nothingMade" then null else r.intended_at end`))

/**
 * Changes the resources whose lease is still held. Their ids are said twice, as the planner takes
 * the records for a hundred, and would read the whole table for them.
 * @returns for each whether it was
 */
export async function whileHeld(held: readonly Held[], set: SQL, provided = sql``): Promise<boolean[]> {
  const rows = await db().execute<{ id: string }>(sql`
    update ${t} r set ${set}
    from jsonb_to_recordset(${JSON.stringify(held)}::jsonb) as w("rowId" uuid, fence bigint, made jsonb, "nothingMade" boolean)
    where r.id = w."rowId" and r.fence = w.fence and r.id in ${held.map(({ rowId }) => rowId)} ${provided}
    returning r.id`)
  const written = new Set(rows.map(row => row.id))
  return held.map(({ rowId }) => written.has(rowId))
}

/** Everything that is there of what was made for a subject, in the order it was made. */
export async function listResources(subjectId: string): Promise<Resource[]> {
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
