import { settleRun } from '../db/queries/runs'
import type { Failure } from '../../shared/schemas/problem'
import { startDue } from './start'

/** Ends a run by what became of its items, and lets the next one have its turn. */
export async function endRun(runId: string, unforeseen: Failure | null, result?: Record<string, number>): Promise<void> {
  await settleRun(runId, unforeseen, result)
  await startDue()
}
