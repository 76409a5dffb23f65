import { randomUUID } from 'node:crypto'
import { getRun } from 'workflow/api'
import { waitUntil } from '../lib/wait-until'
import { log } from '../lib/log'
import type { Transaction } from '../db/client'
import { cancelRow, findExecution, NotCancellable } from './queries/cancellation'
import type { Recorded } from './queries/idempotency'
import { listRemovable } from '../ledger/queries/removals'
import { lockSubject } from './queries/retries'
import { findRunSummary, insertRun, type NewRun } from './queries/runs'
import { recordOnce, type StartRequest } from './idempotency'
import { dispatchDue } from './dispatch'
import { type WorkflowConfig, type WorkflowName, workflows } from '../../workflows.config'
import type { RunStatus } from '../../shared/schemas/run'

export type CancelOutcome
  = | { state: 'cancelled', rolledBackBy: string | null }
    | { state: 'refused', status: RunStatus | undefined }
    | { state: 'cannot-take-back' }
    | { state: 'key-reused' }

/**
 * Cancels a run: recorded in one transaction together with the run that takes back what was made,
 * if that is wanted. From then on nothing of it begins, in any process; the runtime is told
 * after, and by the watchdog if that is lost.
 */
export async function cancelRun(runId: string, { rollback, ...request }: StartRequest & { rollback: boolean }): Promise<CancelOutcome> {
  const found = await findRunSummary(runId)
  if (!found) return { state: 'refused', status: undefined }
  const undo = rollback ? takingBack(found.workflow) : undefined
  if (rollback && !undo) return { state: 'cannot-take-back' }
  try {
    const outcome = await recordOnce(request, tx => record(tx, runId, { ...found, actor: request.actor, undo }))
    if (!outcome) return { state: 'key-reused' }
    if (outcome.isNew) {
      waitUntil(endExecutionOf(runId))
      // A turn is free, and there may be a run to take back what was made.
      waitUntil(dispatchDue())
    }
    return { state: 'cancelled', rolledBackBy: undo ? outcome.recorded.runId : null }
  }
  catch (error) {
    if (error instanceof NotCancellable) return { state: 'refused', status: error.status }
    throw error
  }
}

interface Wanted { subjectId: string, actor: string, undo: WorkflowName | undefined }

async function record(tx: Transaction, runId: string, { subjectId, actor, undo }: Wanted): Promise<Recorded> {
  await lockSubject(tx, subjectId)
  await cancelRow(tx, runId)
  if (!undo) return { id: runId, runId }
  const id = randomUUID()
  await insertRun(tx, { id, workflow: undo, subjectId, actor, rollbackOf: runId, items: await itemsToRemove(tx, undo, subjectId) })
  return { id: runId, runId: id }
}

/** What there is to remove is known now: after the cancel nothing more is intended. */
async function itemsToRemove(tx: Transaction, workflow: WorkflowName, subjectId: string): Promise<NewRun['items']> {
  const steps: WorkflowConfig['steps'] = workflows[workflow].steps
  const things = await listRemovable(tx, subjectId)
  return [
    ...steps.filter(step => step.per === 'subject').map(({ name }) => ({ name, item: 'main' })),
    ...things.flatMap(thing => steps.filter(step => step.removes === thing.type).map(({ name }) => ({ name, item: thing.key }))),
  ]
}

/** The workflow that takes back what a run of this one made. */
const takingBack = (workflow: string): WorkflowName | undefined =>
  (Object.entries(workflows) as [WorkflowName, WorkflowConfig][]).find(([, { rollbackOf }]) => rollbackOf === workflow)?.[0]

async function endExecutionOf(runId: string): Promise<void> {
  try {
    const runtimeRunId = await findExecution(runId)
    if (runtimeRunId) await endExecution(runtimeRunId)
  }
  catch (error) {
    log.warn({ error, runId }, 'The runtime could not end a cancelled run; the watchdog asks again if it goes on.')
  }
}

/** Ends a cancelled run's execution in the runtime, and with it what it waits for. Its step that is under way goes on to its end. */
export const endExecution = (runtimeRunId: string): Promise<void> => getRun(runtimeRunId).cancel()
