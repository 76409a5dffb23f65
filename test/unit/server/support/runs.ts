import { randomUUID } from 'node:crypto'
import { db } from '../../../../server/db/client.ts'
import { EVERYTHING } from '../../../../server/db/scope.ts'
import { findRunRow, type RunRow } from '../../../../server/engine/queries/runs.ts'
import { type NewRun, type RecordOutcome, recordRun } from '../../../../server/engine/record.ts'
import type { RunRef } from '../../../../server/ledger/index.ts'
import type { RunStatus } from '../../../../shared/schemas/run.ts'
import { sql } from './database.ts'

/** Asks for a run as a request does; absent: of a subject of its own. */
export const ask = (workflow: string, more: Partial<NewRun> = {}): Promise<RecordOutcome> =>
  db().transaction(tx => recordRun(tx, { workflow, subjectId: randomUUID(), actor: 'owner', ...more }))

/** Asks for a run that must be recorded. @returns its id */
export async function record(workflow: string, more: Partial<NewRun> = {}): Promise<string> {
  const outcome = await ask(workflow, more)
  if (outcome.state !== 'recorded') throw new Error(`The run was not recorded: ${JSON.stringify(outcome)}`)
  return outcome.runId
}

/** The row of a run that must be there. */
export async function rowOf(runId: string): Promise<RunRow> {
  const row = await findRunRow(runId, EVERYTHING)
  if (!row) throw new Error(`There is no run ${runId}.`)
  return row
}

/** A run as its steps know it. */
export async function refOf(runId: string): Promise<RunRef> {
  const { rootRunId, workflow, subjectType, subjectId, input } = await rowOf(runId)
  return { runId, rootRunId, workflow, subjectType, subjectId, input }
}

/** Ends a run as if its last step had. */
export const end = (runId: string, status: RunStatus = 'completed') => sql`
  update job_executions set status = ${status}, finished_at = now() where id = ${runId}`
