import { desc, eq, sql } from 'drizzle-orm'
import { db, type Transaction } from '../../db/client'
import { runs } from '../../db/schema'
import { ACTIVE } from './runs'
import { copyItems } from '../../ledger/queries/items'
import type { WorkflowName } from '../../../workflows.config'
import type { RunStatus } from '../../../shared/schemas/run'

/** Why there was no retry: the run is not over or went well, another run of its subject is active, or a later one has taken its place. */
export interface RetryRefused { state: 'refused', reason: 'not-failed' | 'busy' | 'superseded', status: RunStatus }
export type RetryOutcome = { state: 'retrying', runId: string } | { state: 'none' } | RetryRefused

export interface WantedRetry {
  workflow: WorkflowName
  subjectId: string
  /** Who asks for it. */
  actor: string
  /** The run that is meant; absent: the latest of the workflow, whichever it is. */
  runId?: string
}

/** Writes the run that takes up a subject's failed or cancelled one, if it is admitted. Of two at once, one is refused. */
export const insertRetry = ({ workflow, subjectId, actor, runId }: WantedRetry, admit: (tx: Transaction) => Promise<void>): Promise<RetryOutcome> => db().transaction(async (tx) => {
  await lockSubject(tx, subjectId)
  const all = await tx.select().from(runs).where(eq(runs.subjectId, subjectId)).orderBy(desc(runs.createdAt))
  const last = all.find(run => run.workflow === workflow)
  if (!last) return { state: 'none' }
  const refused = (reason: RetryRefused['reason'], status = last.status): RetryRefused => ({ state: 'refused', reason, status })
  if (runId && runId !== last.id) return refused('superseded')
  if (ACTIVE.includes(last.status) || last.status === 'completed') return refused('not-failed')
  const active = all.find(run => ACTIVE.includes(run.status))
  if (active) return refused('busy', active.status)
  // What a later run has made is not this one's to take back.
  if (last.rollbackOf && last.rollbackOf !== all.find(run => !run.rollbackOf)?.id) return refused('superseded')
  await admit(tx)
  const [run] = await tx.insert(runs)
    .values({ workflow, subjectType: last.subjectType, subjectId, actor, retryOf: last.id, rollbackOf: last.rollbackOf })
    .returning({ id: runs.id })
  await copyItems(tx, last.id, run!.id, all.some(run => run.rollbackOf === last.id))
  return { state: 'retrying', runId: run!.id }
})

/**
 * Keeps the runs of one subject apart until the transaction ends: what makes its things and what
 * takes them back must never both begin.
 */
export const lockSubject = (tx: Transaction, subjectId: string) =>
  tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`runs of ${subjectId}`}, 0))`)
