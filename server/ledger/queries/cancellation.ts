import { and, eq, inArray } from 'drizzle-orm'
import { batched } from '../../db/batch'
import { db } from '../../db/client'
import { runs } from '../../db/schema'

/** Whether the run was cancelled. */
export const isRunCancelled = batched<string, boolean>(async (ids) => {
  const rows = await db().select({ id: runs.id }).from(runs).where(and(inArray(runs.id, [...new Set(ids)]), eq(runs.status, 'cancelled')))
  const cancelled = new Set(rows.map(row => row.id))
  return ids.map(id => cancelled.has(id))
})
