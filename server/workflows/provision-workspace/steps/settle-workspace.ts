import { toFailure } from '../../../lib/errors'
import { findWorkspace, keepWorkspace } from '../../../db/queries/workspaces'
import { CRASH_PROOF } from '../../../../workflows.config'
import { endRun } from '../../end'
import type { WorkspaceRef } from '../types'

/** Ends the run by what became of its items, and shows a workspace that could not be made as failed. */
export async function settleWorkspace({ runId, workspaceId }: WorkspaceRef, unforeseen: string | null): Promise<void> {
  'use step'
  const workspace = await findWorkspace(workspaceId)
  if (workspace?.status === 'pending') await keepWorkspace(workspace, { status: 'failed' })
  await endRun(runId, unforeseen === null ? null : toFailure(unforeseen))
}
settleWorkspace.maxRetries = CRASH_PROOF
