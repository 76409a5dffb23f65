import { sql } from 'drizzle-orm'
import { db } from '../../db/client'
import { runs, runWaits } from '../../db/schema'
import type { Failure } from '../../../shared/schemas/problem'
import type { ItemRef } from './items'

/** The kind of the wait of an item, which itself looks for what it waits for. */
export const itemWaitKind = ({ step, item }: Pick<ItemRef, 'step' | 'item'>): string => `${step} ${item}`

/** Shows that an item waits for a person, and its run with it. */
export async function openItemWait(ref: ItemRef, { message, why, fix }: Failure): Promise<void> {
  await db().execute(sql`
    with opened as (
      insert into ${runWaits} (run_id, kind, title, message, why, fix)
      values (${ref.runId}, ${itemWaitKind(ref)}, 'Waiting for a person', ${message}, ${why}, ${fix})
      on conflict (run_id, kind) do update
        set message = excluded.message, why = excluded.why, fix = excluded.fix, closed_at = null)
    update ${runs} set status = 'waiting' where id = ${ref.runId} and status = 'running'`)
}

/** Closes the wait of an item that has found what it waited for. */
export async function closeItemWait(ref: ItemRef): Promise<void> {
  await db().execute(sql`
    with closed as (
      update ${runWaits} set closed_at = now() where run_id = ${ref.runId} and kind = ${itemWaitKind(ref)})
    update ${runs} set status = 'running'
    where id = ${ref.runId} and status = 'waiting' and not exists (
      select 1 from ${runWaits} w where w.run_id = ${ref.runId} and w.kind <> ${itemWaitKind(ref)} and w.closed_at is null)`)
}
