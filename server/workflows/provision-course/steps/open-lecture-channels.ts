import { attempt, comeBackFor } from '../../../ledger'
import { ensureChannel } from '../channels'
import type { CourseRef, DiscordPlace } from '../types'
import { workOf } from '../work'
import { CRASH_PROOF } from '../../../../workflows.config'

const TOPICS: Record<string, string> = {
  'announcements': 'News of the course',
  'general': 'Everything about the course',
  'lectures': 'Slides, recordings and what was said',
  'qa-help': 'Questions and answers',
}

/** Opens the channels that everybody in the course shares. */
export async function openLectureChannels(course: CourseRef, place: DiscordPlace, names: string[]): Promise<void> {
  'use step'
  comeBackFor(await Promise.all(names.map((name, position) =>
    attempt(workOf(course), 'CREATE_DISCORD_CHANNELS', name, async () => {
      await ensureChannel(course, place, { key: name, name, topic: TOPICS[name] ?? course.name, position })
    }))))
}
openLectureChannels.maxRetries = CRASH_PROOF
