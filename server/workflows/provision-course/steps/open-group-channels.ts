import { findCoursePlan } from '../../../db/queries/courses'
import { attempt, comeBackFor, ensure, type Outcome, sideBySide, valueOf } from '../../../ledger'
import { createRole, findRole } from '../../../lib/discord'
import { CRASH_PROOF } from '../../../../workflows.config'
import { groupItem } from '../../../../shared/utils/course-steps'
import { ensureChannel } from '../channels'
import type { CourseRef, DiscordPlace } from '../types'
import { resourceOf, workOf } from '../work'

/** Gives every group its role, and with it a channel that nobody else sees. */
export async function openGroupChannels(course: CourseRef, place: DiscordPlace): Promise<void> {
  'use step'
  const { labGroups, discordChannels } = await findCoursePlan(course.courseId)
  comeBackFor(await sideBySide(labGroups, (group, index) => openChannel(course, place, group, discordChannels.length + index)))
}
openGroupChannels.maxRetries = CRASH_PROOF

interface Group { number: number, name: string, discordRoleName: string, discordChannelName: string }

async function openChannel(course: CourseRef, place: DiscordPlace, group: Group, position: number): Promise<Outcome<unknown>[]> {
  const item = groupItem(group.number)
  const role = await attempt(workOf(course), 'CREATE_GROUP_ROLES', item, () => ensureRole(course, place, group))
  const roleId = valueOf(role)?.id
  if (!roleId) return [role]
  return [await attempt(workOf(course), 'CREATE_GROUP_CHANNELS', item, async () => {
    await ensureChannel(course, place, { key: item, name: group.discordChannelName, topic: `${course.name}, group ${group.number} ${group.name}`, position, groupNumber: group.number, onlyFor: roleId })
  })]
}

async function ensureRole(course: CourseRef, { guildId }: DiscordPlace, { number, discordRoleName: name }: Group): Promise<{ id: string }> {
  const { id } = await ensure(resourceOf(course, { service: 'DISCORD', type: 'ROLE', key: groupItem(number), name, groupNumber: number }), {
    look: 'first',
    find: look => findRole({ guildId, name }, look),
    create: () => createRole({ guildId, name }),
  })
  return { id }
}
