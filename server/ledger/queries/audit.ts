import { and, desc, eq, gte, lt } from 'drizzle-orm'
import { batched } from '../../db/batch'
import { db } from '../../db/client'
import { paged, pagesByKey } from '../../db/lists'
import { auditLog } from '../../db/schema'
import type { Condition } from '../../db/scope'
import type { AuditEntry, AuditFilter } from '../../../shared/schemas/audit'
import type { Page, Paging } from '../../../shared/schemas/page'

export type NewAuditEntry = typeof auditLog.$inferInsert

/** An entry as it is stored: without the label of its item. */
export type AuditRecord = Omit<AuditEntry, 'itemLabel'>

/** Appends entries in the order given. */
export const appendAudit = batched<NewAuditEntry[], undefined>(async (batches) => {
  const entries = batches.flat()
  if (entries.length) await db().insert(auditLog).values(entries)
  return batches.map(() => undefined)
})

const t = auditLog

const matches = ({ service, action, runId, subjectId, requestId, result, from, to }: AuditFilter) => and(
  service ? eq(t.service, service) : undefined,
  action ? eq(t.action, action) : undefined,
  runId ? eq(t.runId, runId) : undefined,
  subjectId ? eq(t.subjectId, subjectId) : undefined,
  requestId ? eq(t.requestId, requestId) : undefined,
  result ? eq(t.result, result) : undefined,
  from ? gte(t.at, new Date(from)) : undefined,
  to ? lt(t.at, new Date(to)) : undefined,
)

const toRecord = (row: typeof t.$inferSelect): AuditRecord => ({ ...row, at: row.at.toISOString() })

/** A page of the audit, newest first. @param isInScope which entries the caller may see */
export async function listAudit(
  { page, pageSize, ...filter }: AuditFilter & Paging, isInScope: Condition,
): Promise<Page<AuditRecord>> {
  const where = and(isInScope, matches(filter))
  const list = await paged({ page, pageSize }, db().$count(t, where), (limit, offset) =>
    db().select().from(t).where(where).orderBy(desc(t.id)).limit(limit).offset(offset))
  return { ...list, items: list.items.map(toRecord) }
}

/** All entries that match, newest first, page by page. */
export const eachAudit = (filter: AuditFilter): AsyncGenerator<AuditRecord[]> => pagesByKey(async (limit, before) => {
  const rows = await db().select().from(t).where(and(matches(filter), before === undefined ? undefined : lt(t.id, before)))
    .orderBy(desc(t.id)).limit(limit)
  return rows.map(toRecord)
})
