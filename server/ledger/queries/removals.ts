import { and, asc, eq, isNotNull, or, sql } from 'drizzle-orm'
import { batched } from '../../db/batch'
import { db, type Transaction } from '../../db/client'
import { externalResources } from '../../db/schema'
import { type Held, LEASE, leaseAvailable, whileHeld } from './resources'
import type { CreatedResource } from '../../lib/resource-driver'
import type { Resource } from '../../../shared/schemas/resource'

const t = externalResources

/** A thing that is to be removed. */
export interface Thing extends Pick<Resource, 'service' | 'type' | 'key' | 'name'> {
  rowId: string
  subjectId: string
  /** Absent when the call that should make it was never answered. */
  externalId: string | null
}

const columns = { rowId: t.id, subjectId: t.subjectId, service: t.service, type: t.type, key: t.key, name: t.name, externalId: t.externalId }

/** What is there, or may be, of what was made for a subject: the newest first. */
export const listRemovable = (tx: Transaction | ReturnType<typeof db>, subjectId: string): Promise<Thing[]> =>
  tx.select(columns).from(t)
    .where(and(eq(t.subjectId, subjectId), or(isNotNull(t.madeAt), isNotNull(t.intendedAt))))
    // Many are written down in one statement; ids of both services grow with time.
    .orderBy(sql`${t.madeAt} desc nulls first, ${t.intendedAt} desc, length(${t.externalId}) desc, ${t.externalId} desc`)

/** Everything that was ever to be made for a subject, whether it is there or not, what was begun first first. */
export const listSubjectResources = (subjectId: string): Promise<Thing[]> => db().select(columns).from(t).where(eq(t.subjectId, subjectId)).orderBy(asc(t.createdAt))

/** Whether something was made for a subject, or a call that should make it may have taken effect. */
export async function hasResources(subjectId: string): Promise<boolean> {
  return (await listRemovable(db(), subjectId)).length > 0
}

/** Whether a call that makes something for the subject may still be out. @param judge id of the process that asks */
export async function isBeingCreated(subjectId: string, judge: string): Promise<boolean> {
  const rows = await db().execute(sql`select 1 from ${t} r where r.subject_id = ${subjectId} and r.made_at is null and not ${leaseAvailable(sql`${judge}::uuid`)} limit 1`)
  return rows.length > 0
}

/** What is known of a thing that was leased to be removed: `made` is null when only the call that should make it is known. */
export interface Removable extends Held { made: CreatedResource | null, since: Date, until: Date }
export type RemovalLease = { state: 'gone' } | { state: 'busy' } | { state: 'leased', removable: Removable }

/** Takes the right to remove a thing, as one takes the right to make it: nobody can be at both. */
export async function leaseRemoval({ rowId }: Thing, holder: string): Promise<RemovalLease> {
  const [row] = await db().execute<{ fence: number, made: CreatedResource | null, since: string, until: string }>(sql`
    update ${t} r set lease_holder = ${holder}, leased_at = now(), leased_until = now() + ${LEASE}, fence = r.fence + 1
    where r.id = ${rowId} and (r.made_at is not null or r.intended_at is not null) and (r.lease_holder = ${holder} or ${leaseAvailable(sql`${holder}::uuid`)})
    returning r.fence::int as fence, r.created_at as since, coalesce(r.made_at, r.intended_at) as until,
      case when r.made_at is not null then jsonb_build_object('id', r.external_id, 'url', r.url, 'detail', r.detail) end as made`)
  if (row) return { state: 'leased', removable: { rowId, fence: row.fence, made: row.made, since: new Date(row.since), until: new Date(row.until) } }
  const [left] = await db().select({ id: t.id }).from(t).where(and(eq(t.id, rowId), or(isNotNull(t.madeAt), isNotNull(t.intendedAt))))
  return { state: left ? 'busy' : 'gone' }
}

/** Begins the lease anew before the call that removes. False when it was lost: then it must not. */
export const renewLease = batched<Held, boolean>(held => whileHeld(held, sql`leased_until = now() + ${LEASE}`))

/** Gives the lease back after a failure. */
export const releaseRemoval = batched<Held, boolean>(held => whileHeld(held, sql`lease_holder = null`))

const REMOVED = sql`made_at = null, intended_at = null, removed_at = now(), lease_holder = null`

/** Keeps that a thing is gone, and what went with it: the parts of a repository. False when the lease was lost. */
export async function recordRemoval({ subjectId, service, type, key }: Thing, held: Held): Promise<boolean> {
  return db().transaction(async (tx) => {
    const [gone] = await tx.execute(sql`update ${t} set ${REMOVED} where id = ${held.rowId} and fence = ${held.fence} returning id`)
    if (gone && type === 'REPO') await tx.execute(sql`
      update ${t} set ${REMOVED}, fence = fence + 1
      where subject_id = ${subjectId} and service = ${service} and key = ${key} and type in ('BRANCH_PROTECTION', 'SEED_COMMIT')`)
    return gone !== undefined
  })
}

/** Forgets everything that was made for a subject, as it is gone: it can be made anew. */
export async function forgetResources(tx: Transaction, subjectId: string): Promise<void> {
  await tx.execute(sql`update ${t} set ${REMOVED}, fence = fence + 1 where subject_id = ${subjectId} and made_at is not null`)
}

/** The sha of a repository's seed commit, when it is known. */
export async function findSeedCommit({ subjectId, key }: Thing): Promise<string | undefined> {
  const [row] = await db().select({ sha: t.externalId }).from(t)
    .where(and(eq(t.subjectId, subjectId), eq(t.type, 'SEED_COMMIT'), eq(t.key, key), isNotNull(t.madeAt)))
  return row?.sha ?? undefined
}
