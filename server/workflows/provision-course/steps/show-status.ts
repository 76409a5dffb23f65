import { setRunStatus } from '../../../engine/queries/runs'
import { UNLIMITED_RETRIES } from '../../../../workflows.config'

/** Shows that the run waits for a person. */
export async function showWaiting(runId: string): Promise<void> {
  'use step'
  await setRunStatus(runId, 'waiting')
}
showWaiting.maxRetries = UNLIMITED_RETRIES

/** Shows that the run goes on. */
export async function showRunning(runId: string): Promise<void> {
  'use step'
  await setRunStatus(runId, 'running')
}
showRunning.maxRetries = UNLIMITED_RETRIES
