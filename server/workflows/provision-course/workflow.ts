import { createHook, getWorkflowMetadata } from 'workflow'
import { claimCourse, openDiscordServer, openGroupChannels, openGroupRepos, openLectureChannels, openLectureRepo, settleCourse, showRunning, showWaiting } from './steps'
import { type CoursePlan, type CourseRef, discordServerToken } from './types'

/** Gives a course everything it needs, its groups side by side; a chain that fails holds up no other. */
export async function provisionCourse(runId: string) {
  'use workflow'
  const plan = await claimCourse(runId, getWorkflowMetadata().workflowRunId)
  if (!plan) return
  let unforeseen: string | null = null
  try {
    await Promise.all([provisionGitHub(plan), provisionDiscord(plan)])
  }
  catch (error) {
    unforeseen = String(error)
  }
  finally {
    await settleCourse(runId, unforeseen)
  }
}

async function provisionGitHub({ course, hasLecture, hasGroups }: CoursePlan) {
  await Promise.all([
    hasLecture && openLectureRepo(course),
    hasGroups && openGroupRepos(course),
  ])
}

async function provisionDiscord({ course, hasServer, hasLecture, hasGroups }: CoursePlan) {
  if (!hasServer) await waitForServer(course)
  const place = await openDiscordServer(course)
  if (!place) return
  await Promise.all([
    hasLecture && openLectureChannels(course, place),
    hasGroups && openGroupChannels(course, place),
  ])
}

/** Only a person can add the bot to a server; that may take days, and costs nothing. */
async function waitForServer({ runId }: CourseRef) {
  const chosen = createHook({ token: discordServerToken(runId) })
  await showWaiting(runId)
  await chosen
  await showRunning(runId)
}
