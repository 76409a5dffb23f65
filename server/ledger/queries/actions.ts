import { and, desc, eq, gte, lt, sql } from 'drizzle-orm'
import { batched } from '../../db/batch'
import { db } from '../../db/client'
import { paged, pagesByKey } from '../../db/lists'
import { actionLog } from '../../db/schema'
import type { Action, ActionFilter } from '../../../shared/schemas/action'
import type { Page, Paging } from '../../../shared/schemas/page'

export type NewAction = Omit<typeof actionLog.$inferInsert, 'id'>

const t = actionLog

/** Appends entries in the order given. One that was written already, as far as nobody could know, stays as it is. */
export const appendActions = batched<NewAction[], undefined>(async (batches) => {
  const entries = batches.flat()
  if (entries.length) await db().insert(t).values(entries).onConflictDoNothing({ target: t.entryId })
  return batches.map(() => undefined)
})

const matches = ({ actor, action, subjectType, subjectId, runId, requestId, result, from, to }: ActionFilter) => and(
  actor ? eq(t.actor, actor) : undefined,
  action ? eq(t.action, action) : undefined,
  subjectType ? eq(t.subjectType, subjectType) : undefined,
  subjectId ? eq(t.subjectId, subjectId) : undefined,
  runId ? sql`${runId}::uuid = any(${t.runIds})` : undefined,
  requestId ? eq(t.requestId, requestId) : undefined,
  result === 'DONE' ? lt(t.status, 400) : result === 'REFUSED' ? gte(t.status, 400) : undefined,
  from ? gte(t.at, new Date(from)) : undefined,
  to ? lt(t.at, new Date(to)) : undefined,
)

const toAction = ({ entryId: _, at, ...row }: typeof t.$inferSelect): Action => ({ ...row, at: at.toISOString() })

/** A page of the actions, newest first. */
export async function listActions({ page, pageSize, ...filter }: ActionFilter & Paging): Promise<Page<Action>> {
  const where = matches(filter)
  const list = await paged({ page, pageSize }, db().$count(t, where), (limit, offset) =>
    db().select().from(t).where(where).orderBy(desc(t.id)).limit(limit).offset(offset))
  return { ...list, items: list.items.map(toAction) }
}

/** All actions that match, newest first, page by page. */
export const eachAction = (filter: ActionFilter): AsyncGenerator<Action[]> => pagesByKey(async (limit, before) => {
  const rows = await db().select().from(t).where(and(matches(filter), before === undefined ? undefined : lt(t.id, before)))
    .orderBy(desc(t.id)).limit(limit)
  return rows.map(toAction)
})
