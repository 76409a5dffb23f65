import { and, asc, eq, inArray, isNotNull, ne, or, sql, type SQL } from 'drizzle-orm'
import { batched } from '../../db/batch'
import { type Database, db, type Transaction } from '../../db/client'
import { externalResources, runs } from '../../db/schema'
import type { CreatedResource, KnownResource, ResourceIdentity } from '../../lib/resource-driver'
import { LEASE_MS } from '../leases'
import type { Held } from './leases'
import { leaseAvailable } from './liveness'

export type ResourceLease
  = | { state: 'created', created: CreatedResource }
    | { state: 'leased', rowId: string, fence: number, intended: boolean }
    | { state: 'busy' }

/** The length of a lease on a resource. */
export const LEASE = sql`${LEASE_MS} * interval '1 millisecond'`

const t = externalResources

/**
 * Takes the right to create a resource: writes its row or takes over one whose lease is available.
 * A process that asks for what it holds itself does not work on it any more.
 * @param wanted.holder id of the process
 */
export const leaseResource = batched<ResourceIdentity & { holder: string }, ResourceLease>(async (wanted) => {
  const keys = wanted.map(keyOf)
  // One statement cannot touch a row twice: a second taker of the same resource finds it busy.
  const first = wanted.filter((_, n) => keys.indexOf(keys[n]!) === n)
  const leased = await db().execute<LeasedRow>(sql`
    insert into ${t} as r (subject_type, subject_id, run_id, service, type, key, name, lease_holder, leased_at, leased_until)
    select w."subjectType", w."subjectId", w."runId", w.service, w.type, w.key, w.name, w.holder, now(), now() + ${LEASE}
    from jsonb_to_recordset(${JSON.stringify(first)}::jsonb)
      as w("subjectType" text, "subjectId" uuid, "runId" uuid, service text, type text, key text, name text, holder uuid)
    on conflict (subject_id, service, type, key) do update
      set lease_holder = excluded.lease_holder, leased_at = now(), leased_until = excluded.leased_until,
        fence = r.fence + 1, run_id = excluded.run_id, removed_at = null
      where r.made_at is null
        and (r.lease_holder = excluded.lease_holder or ${leaseAvailable(sql`r`, sql`excluded.lease_holder`)})
    returning r.subject_id as "subjectId", r.service, r.type, r.key,
      r.id as "rowId", r.fence::int as fence, r.intended_at is not null as intended`)
  const found = new Map<string, ResourceLease>(leased.map(row =>
    [keyOf(row), { state: 'leased', rowId: row.rowId, fence: row.fence, intended: row.intended }]))
  for (const one of first.filter(one => !found.has(keyOf(one)))) {
    const created = await findCreated(one)
    found.set(keyOf(one), created ? { state: 'created', created } : { state: 'busy' })
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

/** Outside ids of the resources of that type and name that were created for another subject. */
export async function listForeignIds(
  { subjectId, service, type, name }: Pick<ResourceIdentity, 'subjectId' | 'service' | 'type' | 'name'>,
): Promise<string[]> {
  const rows = await db().select({ id: t.externalId }).from(t)
    .where(and(ne(t.subjectId, subjectId), eq(t.service, service), eq(t.type, type), eq(t.name, name), isNotNull(t.externalId)))
  return rows.map(row => row.id!)
}

/**
 * Records that the creating call is made now, and renews the lease: the look before it may have used up most of
 * it. False when the lease was lost or the run was cancelled: then the call must not be made. The run is locked,
 * so that after a cancel no intent is recorded.
 */
export const recordIntent = batched<Held, boolean>(held => whileHeld(held, sql`intended_at = now(), leased_until = now() + ${LEASE}`,
  sql`and r.run_id in (
    select run.id from ${runs} run where run.status <> 'cancelled' and run.id in (
      select own.run_id from ${t} own where own.id in ${held.map(({ rowId }) => rowId)})
    for share)`))

/** Records what was created and ends the lease. False when the lease was lost in the meantime. */
export const recordResource = batched<Held & { created: CreatedResource }, boolean>(held => whileHeld(held, sql`
  external_id = w.created->>'id', url = w.created->>'url', detail = w.created->'detail', made_at = now(), lease_holder = null`))

/** Releases the lease after a failure; with `nothingCreated` also deletes the intent, because the provider refused. */
export const releaseResource = batched<Held & { nothingCreated: boolean }, boolean>(held => whileHeld(held, sql`
  lease_holder = null, intended_at = case when w."nothingCreated" then null else r.intended_at end`))

/**
 * Changes the resources whose lease is still held. Repeats the ids beside the records: the planner
 * expects a hundred records, and would read the whole table for them.
 * @returns for each whether it was held
 */
export async function whileHeld(held: readonly Held[], set: SQL, provided = sql``): Promise<boolean[]> {
  const rows = await db().execute<{ id: string }>(sql`
    update ${t} r set ${set}
    from jsonb_to_recordset(${JSON.stringify(held)}::jsonb) as w("rowId" uuid, fence bigint, created jsonb, "nothingCreated" boolean)
    where r.id = w."rowId" and r.fence = w.fence and r.id in ${held.map(({ rowId }) => rowId)} ${provided}
    returning r.id`)
  const written = new Set(rows.map(row => row.id))
  return held.map(({ rowId }) => written.has(rowId))
}

export type ResourceRow = typeof t.$inferSelect

/** The resources of a subject that exist now, in the order of their creation. */
export const listResources = (subjectId: string): Promise<ResourceRow[]> =>
  db().select().from(t).where(and(eq(t.subjectId, subjectId), isNotNull(t.madeAt))).orderBy(asc(t.madeAt), asc(t.key))

/** The resources that the runs of a chain created and that exist now, in the order of their creation. */
export const listChainResources = (rootRunId: string): Promise<ResourceRow[]> =>
  db().select().from(t).where(and(inArray(t.runId, chain(rootRunId)), isNotNull(t.madeAt))).orderBy(asc(t.madeAt), asc(t.key))

const columns = {
  rowId: t.id, subjectId: t.subjectId, service: t.service, type: t.type, key: t.key, name: t.name, externalId: t.externalId,
}

type Reader = Transaction | Database
const chain = (rootRunId: string, from: Reader = db()) => from.select({ id: runs.id }).from(runs).where(eq(runs.rootRunId, rootRunId))

const mayExist = or(isNotNull(t.madeAt), isNotNull(t.intendedAt))

/** What a chain of runs created, or may have created, for its subject: the newest first. */
export const listRemovable = (from: Reader, { rootRunId, subjectId }: { rootRunId: string, subjectId: string }): Promise<KnownResource[]> =>
  from.select(columns).from(t)
    .where(and(eq(t.subjectId, subjectId), inArray(t.runId, chain(rootRunId, from)), mayExist))
    // Many are recorded in one statement; ids of both services grow with time.
    .orderBy(sql`${t.madeAt} desc nulls first, ${t.intendedAt} desc, length(${t.externalId}) desc, ${t.externalId} desc`)

/** Every resource of a subject, whether it exists, was removed or was never created, in the order of the first lease. */
export const listSubjectResources = (subjectId: string): Promise<KnownResource[]> =>
  db().select(columns).from(t).where(eq(t.subjectId, subjectId)).orderBy(asc(t.createdAt))

/** Whether something was created for a subject, or a creating call may have taken effect. */
export async function hasResources(subjectId: string): Promise<boolean> {
  return (await db().select({ id: t.id }).from(t).where(and(eq(t.subjectId, subjectId), mayExist)).limit(1)).length > 0
}

/** Whether a creating call of a chain of runs may still be in flight. @param judge id of the process that asks */
export async function isBeingCreated(rootRunId: string, judge: string): Promise<boolean> {
  const rows = await db().execute(sql`
    select 1 from ${t} r join ${runs} run on run.id = r.run_id
    where run.root_run_id = ${rootRunId} and r.made_at is null and not ${leaseAvailable(sql`r`, sql`${judge}::uuid`)} limit 1`)
  return rows.length > 0
}

/** The id of the resource of that type and key, when it exists. */
export async function findResourceId(
  { subjectId, key }: Pick<KnownResource, 'subjectId' | 'key'>, type: string,
): Promise<string | undefined> {
  const [row] = await db().select({ id: t.externalId }).from(t)
    .where(and(eq(t.subjectId, subjectId), eq(t.type, type), eq(t.key, key), isNotNull(t.madeAt)))
  return row?.id ?? undefined
}
