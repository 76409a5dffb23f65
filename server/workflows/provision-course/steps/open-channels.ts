import { channelSpecs, enterServer, findCoursePlan, openChannel } from '../../../courses'
import { fatalUnlessTransient, retryWhenDue, runConcurrently, type RunRef, valueOf } from '../../../ledger'
import { UNLIMITED_RETRIES } from '../../../ledger/unlimited-retries'
import type { ChannelsOutcome } from '../types'

/** Enters the course's Discord server and opens its channels there, each group's with a role of its own. */
export async function openChannels(run: RunRef): Promise<ChannelsOutcome> {
  'use step'
  const plan = await findCoursePlan(run.subjectId).catch(fatalUnlessTransient)
  if (!plan.discordGuildId) return 'needs-server'
  const entered = await enterServer(run, plan, plan.discordGuildId)
  retryWhenDue([entered])
  const place = valueOf(entered)
  if (place) retryWhenDue(await runConcurrently(channelSpecs(plan), spec => openChannel(run, place, spec)))
  return 'done'
}
openChannels.maxRetries = UNLIMITED_RETRIES
