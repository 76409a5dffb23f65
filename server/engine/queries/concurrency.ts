import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client'
import { runs } from '../../db/schema'
import { ACTIVE, type RunRow } from './runs'

/**
 * Serialises changes to the runs of one concurrency group on one subject until the transaction ends. Recording
 * a run needs it only when another is active: the unique key alone lets one of two through.
 */
export const lockGroup = (tx: Transaction, group: string, subjectId: string) =>
  tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`runs of ${group} ${subjectId}`}, 0))`)

/** The active runs of a group on a subject: the first one, then those that wait behind it, in their order. */
export const listActiveRuns = (tx: Transaction, group: string, subjectId: string): Promise<RunRow[]> =>
  tx.select().from(runs)
    .where(and(eq(runs.concurrencyGroup, group), eq(runs.subjectId, subjectId), inArray(runs.status, ACTIVE)))
    .orderBy(asc(runs.isBehind), asc(runs.createdAt), runs.id).for('update')
