import { findCoursePlan } from '../../../db/queries/courses'
import { attempt, comeBackFor, sideBySide } from '../../../ledger'
import { CRASH_PROOF } from '../../../../workflows.config'
import { ensureChannel } from '../channels'
import type { CourseRef, DiscordPlace } from '../types'
import { workOf } from '../work'

const TOPICS: Record<string, string> = {
  'announcements': 'News of the course',
  'general': 'Everything about the course',
  'lectures': 'Slides, recordings and what was said',
  'qa-help': 'Questions and answers',
}

/** Opens the channels that everybody in the course shares. */
export async function openLectureChannels(course: CourseRef, place: DiscordPlace): Promise<void> {
  'use step'
  const { discordChannels } = await findCoursePlan(course.courseId)
  comeBackFor(await sideBySide(discordChannels, async (name, position) => [
    await attempt(workOf(course), 'CREATE_DISCORD_CHANNELS', name, async () => {
      await ensureChannel(course, place, { key: name, name, topic: TOPICS[name] ?? course.name, position })
    }),
  ]))
}
openLectureChannels.maxRetries = CRASH_PROOF
