import { ensure } from '../../ledger'
import { createChannel, findChannel } from '../../lib/discord'
import type { CourseRef, DiscordPlace } from './types'
import { markerOf, resourceOf } from './work'

/** Discord's limit of channels in a category. */
export const CATEGORY_SIZE = 50

interface Wanted {
  /** What the channel is to the course, `announcements` or `group-3`. */
  key: string
  name: string
  topic: string
  /** The how-many-eth channel of the course it is, from 0: fifty fit in a category. */
  position: number
  groupNumber?: number
  onlyFor?: string
}

/** Makes sure of one channel of the course. */
export function ensureChannel(course: CourseRef, place: DiscordPlace, { key, position, groupNumber, ...wanted }: Wanted) {
  const channel = { ...wanted, guildId: place.guildId, categoryId: place.categoryIds[Math.floor(position / CATEGORY_SIZE)]!, marker: markerOf(course, key) }
  return ensure(resourceOf(course, { service: 'DISCORD', type: 'CHANNEL', key, name: channel.name, groupNumber }), {
    look: 'first',
    find: look => findChannel(channel, look),
    create: () => createChannel(channel),
  })
}
