import { createHook, getWorkflowMetadata } from 'workflow'
import { claimCourse, openChannels, openRepos, settleCourse, showRunning, showWaiting } from './steps'
import { type CoursePlan, type CourseRef, discordServerToken } from './types'

/** Gives a course everything it needs: repositories and channels side by side, and neither waits for the other. */
export async function provisionCourse(runId: string) {
  'use workflow'
  try {
    const plan = await claimCourse(runId, getWorkflowMetadata().workflowRunId)
    if (!plan) return
    await Promise.all([openRepos(plan.course), provisionDiscord(plan)])
  }
  catch (error) {
    return settleCourse(runId, String(error))
  }
  await settleCourse(runId, null)
}

async function provisionDiscord({ course, hasServer }: CoursePlan) {
  if (!hasServer) await waitForServer(course)
  await openChannels(course)
}

/** Only a person can add the bot to a server; that may take days, and costs nothing. */
async function waitForServer({ runId }: CourseRef) {
  const chosen = createHook({ token: discordServerToken(runId) })
  await showWaiting(runId)
  await chosen
  await showRunning(runId)
}
