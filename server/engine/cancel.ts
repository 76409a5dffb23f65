import { randomUUID } from 'node:crypto'
import type { Transaction } from '../db/client'
import { EVERYTHING } from '../db/scope'
import { log } from '../lib/log'
import { noteRun } from '../lib/request-context'
import { waitUntil } from '../lib/wait-until'
import { configOf } from '../lib/workflow-configs'
import { listRemovable } from '../ledger/queries/resources'
import type { RunStatus } from '../../shared/schemas/run'
import { dispatchDue } from './dispatch'
import { recordOnce, type StartRequest } from './idempotency'
import { cancelRow, findExecution, NotCancellable } from './queries/cancellation'
import { lockGroup } from './queries/concurrency'
import type { Recorded } from './queries/idempotency'
import { findRunRow, insertRunRow, type NewItem, type RunRow } from './queries/runs'
import { groupOf } from './record'
import { cancelExecution } from './runtime/adapter'

export type CancelOutcome
  = | { state: 'cancelled', rolledBackBy: string | null }
    | { state: 'refused', status: RunStatus | undefined }
    | { state: 'cannot-roll-back' }
    | { state: 'key-reused' }

/**
 * Cancels a run: records it in one transaction, with the run that rolls back what was created if a rollback is wanted.
 * From then on no process starts anything of it. Then the runtime ends its execution; the watchdog repeats that if it is lost.
 * The caller has looked whether the run is in its scope.
 */
export async function cancelRun(runId: string, { rollback, ...request }: StartRequest & { rollback: boolean }): Promise<CancelOutcome> {
  const run = await findRunRow(runId, EVERYTHING)
  if (!run) return { state: 'refused', status: undefined }
  const undo = rollback ? configOf(run.workflow).rollback : undefined
  if (rollback && !undo) return { state: 'cannot-roll-back' }
  try {
    const outcome = await recordOnce(request, tx => record(tx, run, { actor: request.actor, undo }))
    if (!outcome) return { state: 'key-reused' }
    if (outcome.isNew) {
      const { workflow, subjectType, subjectId } = run
      log.info({ runId, workflow, subjectType, subjectId }, 'A run was cancelled.')
      waitUntil(endExecutionOf(runId))
      // The queue has room, and there may be a rollback to dispatch.
      waitUntil(dispatchDue())
    }
    if (undo) noteRun(outcome.recorded.runId)
    return { state: 'cancelled', rolledBackBy: undo ? outcome.recorded.runId : null }
  }
  catch (error) {
    if (error instanceof NotCancellable) return { state: 'refused', status: error.status }
    throw error
  }
}

async function record(tx: Transaction, run: RunRow, { actor, undo }: { actor: string, undo: string | undefined }): Promise<Recorded> {
  await lockGroup(tx, run.concurrencyGroup, run.subjectId)
  const { id: runId, rootRunId, subjectType, subjectId } = await cancelRow(tx, run.id)
  if (!undo) return { id: runId, runId }
  const id = randomUUID()
  const rollback = {
    id, workflow: undo, subjectType, subjectId, actor, rootRunId, rollbackOf: runId,
    concurrencyGroup: groupOf(undo), items: await itemsToRemove(tx, undo, run),
  }
  // Runs that wait behind the cancelled one start after its rollback.
  const isNext = await insertRunRow(tx, { ...rollback, isNext: true })
  if (!isNext) await insertRunRow(tx, { ...rollback, isBehind: true })
  return { id: runId, runId: id }
}

/** What to remove is known now: after the cancel no more intents are recorded. */
async function itemsToRemove(tx: Transaction, workflow: string, run: RunRow): Promise<NewItem[]> {
  const { steps } = configOf(workflow)
  const resources = await listRemovable(tx, run)
  return [
    ...steps.filter(step => !step.removes).map(({ name }) => ({ name, item: 'main' })),
    ...resources.flatMap(({ type, key }) => steps.filter(step => step.removes === type).map(({ name }) => ({ name, item: key }))),
  ]
}

async function endExecutionOf(runId: string): Promise<void> {
  try {
    const execution = await findExecution(runId)
    if (execution) await cancelExecution(execution)
  }
  catch (error) {
    log.warn({ error, runId }, 'The runtime could not end a cancelled run. The watchdog asks again if it goes on.')
  }
}
