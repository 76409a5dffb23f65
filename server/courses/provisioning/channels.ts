import { attempt, ensure, type Outcome, valueOf } from '../../ledger'
import { createChannel, createRole, findChannel, findRole } from '../../lib/discord'
import type { CoursePlanRow } from '../queries'
import { groupItem } from '../../../shared/utils/course-steps'
import { CATEGORY_SIZE, type DiscordPlace } from './discord-server'
import type { CourseRef } from '../../workflows/provision-course/types'
import { markerOf, resourceOf, workOf } from './work'

interface WantedChannel {
  /** What the channel is to the course, `announcements` or `group-3`; also its item. */
  key: string
  name: string
  topic: string
  /** The how-many-eth channel of the course it is, from 0: fifty fit in a category. */
  position: number
  /** The group that alone sees it, with the name of its role. */
  group?: { number: number, roleName: string }
}

const TOPICS: Record<string, string> = {
  'announcements': 'News of the course',
  'general': 'Everything about the course',
  'lectures': 'Slides, recordings and what was said',
  'qa-help': 'Questions and answers',
}

/** The channels of a course: those that everybody shares, then one for each group. */
export const wantedChannels = ({ name: course, discordChannels, labGroups }: CoursePlanRow): WantedChannel[] => [
  ...discordChannels.map(name => ({ key: name, name, topic: TOPICS[name] ?? course })),
  ...labGroups.map(({ number, name, discordChannelName, discordRoleName }) => ({
    key: groupItem(number),
    name: discordChannelName,
    topic: `${course}, group ${number} ${name}`,
    group: { number, roleName: discordRoleName },
  })),
].map((channel, position) => ({ ...channel, position }))

/** Opens a channel; a group's gets its role first. */
export async function openChannel(course: CourseRef, place: DiscordPlace, wanted: WantedChannel): Promise<Outcome<unknown>[]> {
  const { key, group } = wanted
  if (!group) return [await attempt(workOf(course), 'CREATE_DISCORD_CHANNELS', key, () => ensureChannel(course, place, wanted))]
  const role = await attempt(workOf(course), 'CREATE_GROUP_ROLES', key, () => ensureRole(course, place, key, group))
  const roleId = valueOf(role)?.id
  if (!roleId) return [role]
  return [await attempt(workOf(course), 'CREATE_GROUP_CHANNELS', key, () => ensureChannel(course, place, wanted, roleId))]
}

async function ensureRole(course: CourseRef, { guildId }: DiscordPlace, key: string, { number, roleName: name }: { number: number, roleName: string }): Promise<{ id: string }> {
  const { id } = await ensure(resourceOf(course, { service: 'DISCORD', type: 'ROLE', key, name, groupNumber: number }), {
    look: 'first',
    find: look => findRole({ guildId, name }, look),
    create: () => createRole({ guildId, name }),
  })
  return { id }
}

async function ensureChannel(course: CourseRef, place: DiscordPlace, { key, name, topic, position, group }: WantedChannel, onlyFor?: string): Promise<void> {
  const channel = { guildId: place.guildId, categoryId: place.categoryIds[Math.floor(position / CATEGORY_SIZE)]!, name, topic, marker: markerOf(course, key), onlyFor }
  await ensure(resourceOf(course, { service: 'DISCORD', type: 'CHANNEL', key, name, groupNumber: group?.number }), {
    look: 'first',
    find: look => findChannel(channel, look),
    create: () => createChannel(channel),
  })
}
