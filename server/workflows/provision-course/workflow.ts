import { createHook, getWorkflowMetadata } from 'workflow'
import { claimCourse, openDiscordServer, openGroupChannel, openGroupRepo, openLectureChannels, openLectureRepo, settleCourse, showRunning, showWaiting } from './steps'
import { type CoursePlan, type CourseRef, discordServerToken } from './types'

/** Gives a course everything it needs, its groups side by side; a chain that fails holds up no other. */
export async function provisionCourse(runId: string) {
  'use workflow'
  const course = await claimCourse(runId, getWorkflowMetadata().workflowRunId)
  if (!course) return
  let unforeseen: string | null = null
  try {
    await Promise.all([provisionGitHub(course), provisionDiscord(course)])
  }
  catch (error) {
    unforeseen = String(error)
  }
  finally {
    await settleCourse(runId, unforeseen)
  }
}

async function provisionGitHub({ ref, lectureRepoName, groups }: CoursePlan) {
  await Promise.all([
    lectureRepoName && openLectureRepo(ref, lectureRepoName),
    ...groups.map(group => openGroupRepo(ref, group)),
  ])
}

async function provisionDiscord({ ref, hasServer, lectureChannels, groups }: CoursePlan) {
  if (!hasServer) await waitForServer(ref)
  const place = await openDiscordServer(ref)
  if (!place) return
  await Promise.all([
    lectureChannels.length && openLectureChannels(ref, place, lectureChannels),
    ...groups.map((group, index) => openGroupChannel(ref, place, group, lectureChannels.length + index)),
  ])
}

/** Only a person can add the bot to a server; that may take days, and costs nothing. */
async function waitForServer({ runId }: CourseRef) {
  const chosen = createHook({ token: discordServerToken(runId) })
  await showWaiting(runId)
  await chosen
  await showRunning(runId)
}
