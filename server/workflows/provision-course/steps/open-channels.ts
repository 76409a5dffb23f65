import { findCoursePlan } from '../../../courses/queries'
import { retryWhenDue, fatalUnlessTransient, runConcurrently, valueOf } from '../../../ledger'
import { UNLIMITED_RETRIES } from '../../../../workflows.config'
import { openChannel, wantedChannels } from '../../../courses/provisioning/channels'
import { enterServer } from '../../../courses/provisioning/discord-server'
import type { CourseRef } from '../types'

/** Enters the course's Discord server and opens its channels there, each group's with a role of its own. */
export async function openChannels(course: CourseRef): Promise<void> {
  'use step'
  const plan = await findCoursePlan(course.courseId).catch(fatalUnlessTransient)
  const entered = await enterServer(course, plan)
  retryWhenDue([entered])
  const place = valueOf(entered)
  if (place) retryWhenDue(await runConcurrently(wantedChannels(plan), wanted => openChannel(course, place, wanted)))
}
openChannels.maxRetries = UNLIMITED_RETRIES
