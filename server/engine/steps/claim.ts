import type { RunRef } from '../../ledger'
import { UNLIMITED_RETRIES } from '../../ledger/unlimited-retries'
import { claimRunRow } from '../queries/runs'

/** Claims the run for this execution; null when another execution has it, or when it has ended. */
export async function claim(runId: string, executionId: string): Promise<RunRef | null> {
  'use step'
  return await claimRunRow(runId, executionId) ?? null
}
claim.maxRetries = UNLIMITED_RETRIES
