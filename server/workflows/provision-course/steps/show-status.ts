import { setRunStatus } from '../../../db/queries/runs'
import { CRASH_PROOF } from '../../../../workflows.config'

/** Shows that the run waits for a person. */
export async function showWaiting(runId: string): Promise<void> {
  'use step'
  await setRunStatus(runId, 'waiting')
}
showWaiting.maxRetries = CRASH_PROOF

/** Shows that the run goes on. */
export async function showRunning(runId: string): Promise<void> {
  'use step'
  await setRunStatus(runId, 'running')
}
showRunning.maxRetries = CRASH_PROOF
