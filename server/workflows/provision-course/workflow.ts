import { executeRun, waitFor } from '../../engine/workflow'
import type { RunRef } from '../../ledger'
import { openChannels, openRepos } from './steps'

/** Provisions a course: its repositories and its channels concurrently, and neither waits for the other. */
export async function provisionCourse(runId: string) {
  'use workflow'
  await executeRun(runId, async (run) => {
    await Promise.all([openRepos(run), provisionDiscord(run)])
  })
}

/** Only a person can add the bot to a server. */
async function provisionDiscord(run: RunRef) {
  if (await openChannels(run) === 'done') return
  await waitFor(run, 'discord-server')
  await openChannels(run)
}
