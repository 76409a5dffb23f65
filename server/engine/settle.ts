import type { Failure } from '../../shared/schemas/problem'
import { dispatchDue } from './dispatch'
import { settleRunRow } from './queries/runs'

/** Ends a run by the outcome of its items, and dispatches the next. */
export async function settleRun(runId: string, unexpected: Failure | null, output?: unknown): Promise<void> {
  await settleRunRow(runId, unexpected, output)
  await dispatchDue()
}
