import { and, count, desc, eq } from 'drizzle-orm'
import { batched } from '../../db/batch'
import { db } from '../../db/client'
import { auditLog } from '../../db/schema'
import type { Condition } from '../../db/scope'
import type { AuditEntry } from '../../../shared/schemas/audit'
import type { Page } from '../../../shared/schemas/page'

export type NewAuditEntry = typeof auditLog.$inferInsert

/** An entry as it is stored: without the label of its item. */
export type AuditRecord = Omit<AuditEntry, 'itemLabel'>

/** Appends entries in the order given. */
export const appendAudit = batched<NewAuditEntry[], undefined>(async (batches) => {
  const entries = batches.flat()
  if (entries.length) await db().insert(auditLog).values(entries)
  return batches.map(() => undefined)
})

interface AuditFilter { page: number, pageSize: number, subjectId?: string, runId?: string, result?: AuditEntry['result'] }

/** A page of the audit, newest first. @param isInScope which entries the caller may see */
export async function listAudit({ page, pageSize, ...filter }: AuditFilter, isInScope: Condition): Promise<Page<AuditRecord>> {
  const where = and(
    isInScope,
    filter.subjectId ? eq(auditLog.subjectId, filter.subjectId) : undefined,
    filter.runId ? eq(auditLog.runId, filter.runId) : undefined,
    filter.result ? eq(auditLog.result, filter.result) : undefined,
  )
  const [rows, [{ total } = { total: 0 }]] = await Promise.all([
    db().select().from(auditLog).where(where).orderBy(desc(auditLog.id)).limit(pageSize).offset((page - 1) * pageSize),
    db().select({ total: count() }).from(auditLog).where(where),
  ])
  return { items: rows.map(row => ({ ...row, at: row.at.toISOString() })), page, pageSize, total }
}
