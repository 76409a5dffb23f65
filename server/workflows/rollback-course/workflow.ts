import { getWorkflowMetadata } from 'workflow'
import { awaitLastCalls, claimRollback, removeFromDiscord, removeRepos, settleRollback } from './steps'

/** Removes what was made for a course: once its last calls have ended, on GitHub and on Discord side by side. */
export async function rollbackCourse(runId: string) {
  'use workflow'
  try {
    const course = await claimRollback(runId, getWorkflowMetadata().workflowRunId)
    if (!course) return
    await awaitLastCalls(course)
    await Promise.all([removeRepos(course), removeFromDiscord(course)])
  }
  catch (error) {
    return settleRollback(runId, String(error))
  }
  await settleRollback(runId, null)
}
