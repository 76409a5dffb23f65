import { resumeHook } from 'workflow/api'
import { log } from '../lib/log'
import { discordServerToken } from '../workflows/provision-course/types'

/** Tells a waiting run that its course has a Discord server now. The watchdog tells it again if this is lost. */
export async function resumeWithServer(runId: string): Promise<void> {
  try {
    await resumeHook(discordServerToken(runId), {})
  }
  catch (error) {
    log.warn({ error, runId }, 'The waiting run could not be told of its server yet.')
  }
}
