import { toFailure } from '../../../lib/errors'
import { findRunSummary } from '../../../db/queries/runs'
import { findWorkspace } from '../../../db/queries/workspaces'
import { CRASH_PROOF } from '../../../../workflows.config'
import { settle } from '../workspace'

/** Ends a run whose step broke off for a reason that nobody foresaw. */
export async function settleWorkspace(runId: string, unforeseen: string): Promise<void> {
  'use step'
  const run = await findRunSummary(runId)
  await settle(runId, run && await findWorkspace(run.subjectId), toFailure(unforeseen))
}
settleWorkspace.maxRetries = CRASH_PROOF
