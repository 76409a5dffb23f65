import { attempt, ensure, type Outcome, type RunRef, valueOf } from '../../ledger'
import { createChannel, createRole, findChannel, findRole } from '../../lib/discord'
import { groupItem } from '../../../shared/utils/course-steps'
import type { CoursePlanRow } from '../queries'
import { CATEGORY_SIZE, type DiscordPlace } from './discord-server'
import { markerOf, resourceOf } from './resources'

interface ChannelSpec {
  /** The part of the course, `announcements` or `group-3`; also the item of the step. */
  key: string
  name: string
  topic: string
  /** Its position among the channels of the course, from 0: fifty fit in a category. */
  position: number
  /** The group that alone sees it, with the name of its role. */
  group?: { roleName: string }
}

const TOPICS: Record<string, string> = {
  'announcements': 'News of the course',
  'general': 'Everything about the course',
  'lectures': 'Slides, recordings and transcripts',
  'qa-help': 'Questions and answers',
}

/** The channels of a course: those of the lecture, then one for each group. */
export const channelSpecs = ({ name: course, discordChannels, labGroups }: CoursePlanRow): ChannelSpec[] => [
  ...discordChannels.map(name => ({ key: name, name, topic: TOPICS[name] ?? course })),
  ...labGroups.map(({ number, name, discordChannelName, discordRoleName }) => ({
    key: groupItem(number),
    name: discordChannelName,
    topic: `${course}, group ${number} ${name}`,
    group: { roleName: discordRoleName },
  })),
].map((channel, position) => ({ ...channel, position }))

/** Opens a channel; a group's gets its role first. */
export async function openChannel(run: RunRef, place: DiscordPlace, spec: ChannelSpec): Promise<Outcome<unknown>[]> {
  const { key, group } = spec
  if (!group) return [await attempt(run, 'CREATE_DISCORD_CHANNELS', key, () => ensureChannel(run, place, spec))]
  const role = await attempt(run, 'CREATE_GROUP_ROLES', key, () => ensureRole(run, place, key, group.roleName))
  const roleId = valueOf(role)?.id
  if (!roleId) return [role]
  return [await attempt(run, 'CREATE_GROUP_CHANNELS', key, () => ensureChannel(run, place, spec, roleId))]
}

async function ensureRole(run: RunRef, { guildId }: DiscordPlace, key: string, name: string): Promise<{ id: string }> {
  const { id } = await ensure(resourceOf(run, { service: 'DISCORD', type: 'ROLE', key, name }), {
    look: 'first',
    find: look => findRole({ guildId, name }, look),
    create: () => createRole({ guildId, name }),
  })
  return { id }
}

async function ensureChannel(run: RunRef, place: DiscordPlace, spec: ChannelSpec, onlyFor?: string): Promise<void> {
  const { key, name, topic, position } = spec
  const categoryId = place.categoryIds[Math.floor(position / CATEGORY_SIZE)]!
  const channel = { guildId: place.guildId, categoryId, name, topic, marker: markerOf(run.subjectId, key), onlyFor }
  await ensure(resourceOf(run, { service: 'DISCORD', type: 'CHANNEL', key, name }), {
    look: 'first',
    find: look => findChannel(channel, look),
    create: () => createChannel(channel),
  })
}
