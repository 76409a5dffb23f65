import { randomUUID } from 'node:crypto'
import { db, type Transaction } from '../db/client'
import { EVERYTHING } from '../db/scope'
import { copyItems } from '../ledger/queries/items'
import type { RunStatus } from '../../shared/schemas/run'
import { admit } from './admission'
import { dispatchDue, endSuperseded } from './dispatch'
import { lockGroup } from './queries/concurrency'
import { ACTIVE, findRunRow, listChain, type RunRow } from './queries/runs'
import { recordRow } from './record'

/**
 * Why there was no retry: the run is active or completed, another run of its subject is active, or a later
 * run has replaced it.
 */
export interface RetryRefused { state: 'refused', reason: 'not-failed' | 'busy' | 'superseded', status: RunStatus, by?: string }
export type RetryOutcome = { state: 'retrying', runId: string } | { state: 'none' } | RetryRefused

/**
 * Records and starts the run that retries a failed or cancelled one. Of two retries at once, one is refused.
 * The caller has looked whether the run is in its scope.
 */
export async function retryRun(runId: string, actor: string): Promise<RetryOutcome> {
  const { superseded, ...outcome } = await db().transaction(tx => recordRetry(tx, runId, actor))
  endSuperseded(superseded)
  if (outcome.state === 'retrying') await dispatchDue()
  return outcome
}

/** The outcome, and the executions that the retry supersedes. */
async function recordRetry(tx: Transaction, runId: string, actor: string): Promise<RetryOutcome & { superseded?: string[] }> {
  const found = await findRunRow(runId, EVERYTHING)
  if (!found) return { state: 'none' }
  await lockGroup(tx, found.concurrencyGroup, found.subjectId)
  const chain = await listChain(found.rootRunId, tx)
  const run = chain.find(({ id }) => id === runId)!
  const refused = retryRefusal(run, chain)
  if (refused) return refused
  await admit(tx, actor)
  const { workflow, subjectType, subjectId, concurrencyGroup, input, rootRunId, rollbackOf } = run
  const recorded = await recordRow(tx, {
    id: randomUUID(), workflow, subjectType, subjectId, concurrencyGroup, actor, input, rootRunId,
    retryOf: run.id, rollbackOf: rollbackOf ?? undefined, items: [],
  })
  if (recorded.state !== 'recorded')
    return { state: 'refused', reason: 'busy', status: recorded.state === 'rejected' ? recorded.active.status : 'running' }
  await copyItems(tx, run.id, recorded.runId, wasRolledBack(run, chain))
  return { state: 'retrying', runId: recorded.runId, superseded: recorded.superseded }
}

/** Why a run of a chain cannot be retried; undefined when it can. */
export function retryRefusal(run: RunRow, chain: RunRow[]): RetryRefused | undefined {
  const refused = (reason: RetryRefused['reason'], by?: string): RetryRefused => ({ state: 'refused', reason, status: run.status, by })
  if (run.supersededBy) return refused('superseded', run.supersededBy)
  const later = chain.slice(chain.indexOf(run) + 1)
  const retried = later.find(({ workflow }) => workflow === run.workflow)
  if (retried) return refused('superseded', retried.id)
  if (ACTIVE.includes(run.status) || run.status === 'completed') return refused('not-failed')
  // This rollback must not remove what a later run of the chain has created.
  const newer = run.rollbackOf ? later.find(({ rollbackOf }) => !rollbackOf) : undefined
  return newer && refused('superseded', newer.id)
}

/** Whether a rollback has removed what the run created, so that all of its items must be done again. */
const wasRolledBack = (run: RunRow, chain: RunRow[]): boolean => chain.some(({ rollbackOf }) => rollbackOf === run.id)
