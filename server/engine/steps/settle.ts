import { UNLIMITED_RETRIES } from '../../ledger/unlimited-retries'
import { toFailure } from '../../lib/errors'
import { settleRun } from '../settle'

/**
 * Ends the run by the outcome of its items.
 * @param unexpected the message of an error that nobody expected; null when there was none
 * @param output what the run came to; plain data without secrets
 */
export async function settle(runId: string, unexpected: string | null, output: unknown): Promise<void> {
  'use step'
  await settleRun(runId, unexpected === null ? null : toFailure(unexpected), output)
}
settle.maxRetries = UNLIMITED_RETRIES
