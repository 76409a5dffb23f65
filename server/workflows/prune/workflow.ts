import { executeRun } from '../../engine/workflow'
import { pruneAuditLog, pruneDeadJobs, pruneEventLog, pruneSpentRecords, sweepDuplicates } from './steps'
import type { Removed } from './types'

/** Removes what nobody needs any more, each kind by its own policy. */
export async function prune(runId: string) {
  'use workflow'
  await executeRun(runId, async (run): Promise<Removed> => ({
    PRUNE_EVENT_LOG: await pruneEventLog(run),
    PRUNE_DEAD_JOBS: await pruneDeadJobs(run),
    PRUNE_AUDIT_LOG: await pruneAuditLog(run),
    PRUNE_SPENT_RECORDS: await pruneSpentRecords(run),
    SWEEP_DUPLICATES: await sweepDuplicates(run),
  }))
}
