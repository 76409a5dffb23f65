import { getWorkflowMetadata } from 'workflow'
import { claimPrune, pruneAuditLog, pruneDeadJobs, pruneEventLog, pruneSpentRecords, settlePrune } from './steps'
import type { Removed } from './types'

/** Removes what nobody needs any more, each kind by its own policy. */
export async function prune(runId: string) {
  'use workflow'
  if (!await claimPrune(runId, getWorkflowMetadata().workflowRunId)) return
  const removed: Removed = {}
  let unexpected: string | null = null
  try {
    removed.PRUNE_EVENT_LOG = await pruneEventLog(runId)
    removed.PRUNE_DEAD_JOBS = await pruneDeadJobs(runId)
    removed.PRUNE_AUDIT_LOG = await pruneAuditLog(runId)
    removed.PRUNE_SPENT_RECORDS = await pruneSpentRecords(runId)
  }
  catch (error) {
    unexpected = String(error)
  }
  finally {
    await settlePrune(runId, unexpected, removed)
  }
}
