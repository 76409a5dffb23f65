import type { Failure } from '../../shared/schemas/problem'
import { dispatchDue } from './dispatch'
import { settleRunRow } from './queries/runs'

/** Ends a run by the outcome of its items, and dispatches the next. */
export async function settleRun(runId: string, unexpected: Failure | null, output?: unknown): Promise<void> {
  await settleRunRow(runId, unexpected, output)
  await dispatchDue()
}

/** The failure of a run whose subject was deleted: it would not come back, however often it is looked for. */
export const subjectDeleted = (what: string): Failure => ({
  code: 'SUBJECT_GONE',
  message: `The ${what} was deleted.`,
  why: 'Somebody deleted it after this run was asked for.',
  fix: `Create the ${what} again if it is needed.`,
})
