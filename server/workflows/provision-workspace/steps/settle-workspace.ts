import { toFailure } from '../../../lib/errors'
import { findRunSummary } from '../../../engine/queries/runs'
import { findWorkspace } from '../../../workspaces/queries/workspaces'
import { UNLIMITED_RETRIES } from '../../../../workflows.config'
import { settle } from '../../../workspaces/provision'

/** Ends a run whose step broke off for a reason that nobody foresaw. */
export async function settleWorkspace(runId: string, unexpected: string): Promise<void> {
  'use step'
  const run = await findRunSummary(runId)
  await settle(runId, run && await findWorkspace(run.subjectId), toFailure(unexpected))
}
settleWorkspace.maxRetries = UNLIMITED_RETRIES
