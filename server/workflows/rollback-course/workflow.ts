import { executeRun } from '../../engine/workflow'
import { awaitLastCalls, removeFromDiscord, removeRepos } from './steps'

/** Removes what was created for a course: once its last calls have ended, on GitHub and on Discord concurrently. */
export async function rollbackCourse(runId: string) {
  'use workflow'
  await executeRun(runId, async (run) => {
    await awaitLastCalls(run)
    await Promise.all([removeRepos(run), removeFromDiscord(run)])
  })
}
