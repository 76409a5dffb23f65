import type { RunRef } from '../../ledger'
import { UNLIMITED_RETRIES } from '../../ledger/unlimited-retries'
import { configOf } from '../../lib/workflow-configs'
import { closeWait, insertWait } from '../queries/waits'

/**
 * Shows what the run waits for, as workflows.config.ts describes it.
 * @returns the deadline; null when it waits as long as it takes
 */
export async function openWait(run: RunRef, kind: string, token: string): Promise<Date | null> {
  'use step'
  const config = configOf(run.workflow).waits?.[kind]
  if (!config) throw new Error(`The workflow ${run.workflow} has no wait ${kind}.`)
  const { title, message, why, fix, timeoutMs } = config
  return insertWait({ runId: run.runId, kind, token, title, message, why, fix }, timeoutMs)
}
openWait.maxRetries = UNLIMITED_RETRIES

/** Shows that the run goes on. */
export async function endWait(run: RunRef, kind: string): Promise<void> {
  'use step'
  await closeWait(run.runId, kind)
}
endWait.maxRetries = UNLIMITED_RETRIES
