import { randomUUID } from 'node:crypto'
import type { Transaction } from '../db/client'
import { noteRun } from '../lib/request-context'
import { configOf } from '../lib/workflow-configs'
import type { WorkflowName } from '../../workflows.config'
import { checkInput } from './input'
import { markSuperseded, supersedeRows } from './queries/cancellation'
import { listActiveRuns, lockGroup } from './queries/concurrency'
import { insertRunRow, type NewItem, type NewRunRow, type RunRow } from './queries/runs'
import type { RunStatus } from '../../shared/schemas/run'

/** A requested run. */
export interface NewRun {
  workflow: WorkflowName | (string & {})
  subjectId: string
  /** Who requests it. */
  actor: string
  /** Absent: one item, `main`, for each step. */
  items?: NewItem[]
  input?: unknown
}

/** The active run that excludes another. */
export interface ActiveRun { id: string, workflow: string, status: RunStatus }

/** `superseded`: executions that the runtime must end after the commit. */
export type RecordOutcome
  = | { state: 'recorded', runId: string, superseded: string[] }
    | { state: 'joined', runId: string }
    | { state: 'rejected', active: ActiveRun }

/** The concurrency group of a workflow: runs of one group exclude each other on a subject. */
export const groupOf = (workflow: string): string => configOf(workflow).concurrency.group ?? workflow

/** One item, `main`, for each step. */
const allSteps = (workflow: string): NewItem[] => configOf(workflow).steps.map(({ name }) => ({ name, item: 'main' }))

/**
 * Records a run, or applies the concurrency policy of its workflow when another run of its group is active on
 * its subject. A race ends in one of the outcomes, never in an error of the database.
 * @throws InvalidInput when the workflow does not accept the input
 */
export async function recordRun(tx: Transaction, { workflow, subjectId, actor, items, input }: NewRun): Promise<RecordOutcome> {
  const row: NewRunRow = {
    id: randomUUID(),
    workflow, subjectId, actor,
    subjectType: configOf(workflow).subject,
    concurrencyGroup: groupOf(workflow),
    input: checkInput(workflow, input),
    items: items ?? allSteps(workflow),
  }
  return recordRow(tx, row)
}

/** Records a run by its row, a new one or a retry, and notes it as what the request led to. */
export async function recordRow(tx: Transaction, row: NewRunRow): Promise<RecordOutcome> {
  const outcome = await insertOrApplyPolicy(tx, row)
  if (outcome.state !== 'rejected') noteRun(outcome.runId)
  return outcome
}

async function insertOrApplyPolicy(tx: Transaction, row: NewRunRow): Promise<RecordOutcome> {
  // Usually no other run is active: then one statement is enough.
  while (!await insertRunRow(tx, row)) {
    await lockGroup(tx, row.concurrencyGroup, row.subjectId)
    const [first, ...behind] = await listActiveRuns(tx, row.concurrencyGroup, row.subjectId)
    if (first) return applyPolicy(tx, row, first, behind)
  }
  return { state: 'recorded', runId: row.id, superseded: [] }
}

async function applyPolicy(tx: Transaction, row: NewRunRow, first: RunRow, behind: RunRow[]): Promise<RecordOutcome> {
  const { policy } = configOf(row.workflow).concurrency
  const isSame = (run: RunRow) => run.workflow === row.workflow
  if (policy === 'join' && isSame(first)) return { state: 'joined', runId: first.id }
  if (policy === 'join' || policy === 'reject')
    return { state: 'rejected', active: { id: first.id, workflow: first.workflow, status: first.status } }
  // The newest run counts: it replaces the replaceable ones, and waits for the others.
  const replaced = policy === 'replace' ? [...behind, first].filter(run => isSame(run) && run.isReplaceable) : []
  const superseded = await supersedeRows(tx, replaced.map(({ id }) => id))
  const isFree = replaced.length === behind.length + 1
  await insertRunRow(tx, isFree ? { ...row, isNext: true } : { ...row, isBehind: true })
  await markSuperseded(tx, replaced.map(({ id }) => id), row.id)
  return { state: 'recorded', runId: row.id, superseded }
}
