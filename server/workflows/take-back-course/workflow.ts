import { getWorkflowMetadata } from 'workflow'
import { awaitLastCalls, claimTakeBack, removeFromDiscord, removeRepos, settleTakeBack } from './steps'

/** Removes what was made for a course: once its last calls have ended, on GitHub and on Discord side by side. */
export async function takeBackCourse(runId: string) {
  'use workflow'
  try {
    const course = await claimTakeBack(runId, getWorkflowMetadata().workflowRunId)
    if (!course) return
    await awaitLastCalls(course)
    await Promise.all([removeRepos(course), removeFromDiscord(course)])
  }
  catch (error) {
    return settleTakeBack(runId, String(error))
  }
  await settleTakeBack(runId, null)
}
