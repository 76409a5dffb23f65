import type { RunRef } from '../../ledger'
import { UNLIMITED_RETRIES } from '../../ledger/unlimited-retries'
import { toFailure } from '../../lib/errors'
import { configOf } from '../../lib/workflow-configs'
import { log } from '../../lib/log'
import { claimRun, settleRun } from '../dispatch'
import { closeWait, insertWait } from '../queries/waits'

// The steps that are the same for every workflow.

/** Claims the run for this execution; null when another execution has it, or when it has ended. */
export async function claim(runId: string, executionId: string): Promise<RunRef | null> {
  'use step'
  return claimRun(runId, executionId)
}
claim.maxRetries = UNLIMITED_RETRIES

/**
 * Ends the run by the outcome of its items.
 * @param unexpected the message of an error that nobody expected; null when there was none
 * @param output the result of the run; plain data without secrets
 */
export async function settle(runId: string, unexpected: string | null, output: unknown): Promise<void> {
  'use step'
  await settleRun(runId, unexpected === null ? null : toFailure(unexpected), output)
}
settle.maxRetries = UNLIMITED_RETRIES

/**
 * Shows what the run waits for, as workflows.config.ts describes it.
 * @returns the deadline; null when it waits as long as it takes
 */
export async function openWait(run: RunRef, kind: string, token: string): Promise<Date | null> {
  'use step'
  const config = configOf(run.workflow).waits?.[kind]
  if (!config) throw new Error(`The workflow ${run.workflow} has no wait ${kind}.`)
  const { title, message, why, fix, timeoutMs } = config
  log.info({ runId: run.runId, requestId: run.requestId, workflow: run.workflow, kind }, 'A run waits.')
  return insertWait({ runId: run.runId, kind, token, title, message, why, fix }, timeoutMs)
}
openWait.maxRetries = UNLIMITED_RETRIES

/** Shows that the run continues. @returns the answer that was recorded, if there was one */
export async function endWait(run: RunRef, kind: string): Promise<{ answer: unknown } | null> {
  'use step'
  return closeWait(run.runId, kind)
}
endWait.maxRetries = UNLIMITED_RETRIES
