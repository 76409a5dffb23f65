import { toFailure } from '../../../lib/errors'
import { UNLIMITED_RETRIES } from '../../../../workflows.config'
import { endRun } from '../../../engine/settle'

/** Ends the run by what became of its items. */
export async function settleCourse(runId: string, unexpected: string | null): Promise<void> {
  'use step'
  await endRun(runId, unexpected === null ? null : toFailure(unexpected))
}
settleCourse.maxRetries = UNLIMITED_RETRIES
