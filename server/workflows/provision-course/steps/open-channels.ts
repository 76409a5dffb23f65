import { findCoursePlan } from '../../../db/queries/courses'
import { comeBackFor, giveUpUnlessAway, sideBySide, valueOf } from '../../../ledger'
import { CRASH_PROOF } from '../../../../workflows.config'
import { openChannel, wantedChannels } from '../channels'
import { enterServer } from '../discord-server'
import type { CourseRef } from '../types'

/** Enters the course's Discord server and opens its channels there, each group's with a role of its own. */
export async function openChannels(course: CourseRef): Promise<void> {
  'use step'
  const plan = await findCoursePlan(course.courseId).catch(giveUpUnlessAway)
  const entered = await enterServer(course, plan)
  comeBackFor([entered])
  const place = valueOf(entered)
  if (place) comeBackFor(await sideBySide(wantedChannels(plan), wanted => openChannel(course, place, wanted)))
}
openChannels.maxRetries = CRASH_PROOF
