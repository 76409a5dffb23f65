import { settleRun } from './queries/runs'
import type { Failure } from '../../shared/schemas/problem'
import { dispatchDue } from './dispatch'

/** Ends a run by what became of its items, and lets the next one have its turn. */
export async function endRun(runId: string, unexpected: Failure | null, result?: Record<string, number>): Promise<void> {
  await settleRun(runId, unexpected, result)
  await dispatchDue()
}

/** Ends a run whose subject is gone: looked for again and again, it would not come back. */
export const endWithoutSubject = (runId: string): Promise<void> => endRun(runId, {
  code: 'SUBJECT_GONE',
  message: 'What this run is about is not there any more.',
  why: 'It was removed after the run was asked for.',
  fix: 'Nothing; make it anew where it is wanted.',
})
