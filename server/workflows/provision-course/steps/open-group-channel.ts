import { attempt, comeBackFor, ensure, valueOf } from '../../../ledger'
import { createRole, findRole } from '../../../lib/discord'
import { ensureChannel } from '../channels'
import { groupItem } from '../../../../shared/utils/course-steps'
import type { CourseRef, DiscordPlace, GroupPlan } from '../types'
import { resourceOf, workOf } from '../work'
import { CRASH_PROOF } from '../../../../workflows.config'

/** Gives a group its role, and with it a channel that nobody else sees. */
export async function openGroupChannel(course: CourseRef, place: DiscordPlace, group: GroupPlan, position: number): Promise<void> {
  'use step'
  const item = groupItem(group.number)
  const role = await attempt(workOf(course), 'CREATE_GROUP_ROLES', item, async () => ({ id: (await ensureRole(course, place, group)).id }))
  comeBackFor([role])
  const roleId = valueOf(role)?.id
  if (!roleId) return
  comeBackFor([await attempt(workOf(course), 'CREATE_GROUP_CHANNELS', item, async () => {
    await ensureChannel(course, place, { key: item, name: group.discordChannelName, topic: `${course.name}, group ${group.number} ${group.name}`, position, groupNumber: group.number, onlyFor: roleId })
  })])
}
openGroupChannel.maxRetries = CRASH_PROOF

function ensureRole(course: CourseRef, { guildId }: DiscordPlace, { number, discordRoleName: name }: GroupPlan) {
  return ensure(resourceOf(course, { service: 'DISCORD', type: 'ROLE', key: groupItem(number), name, groupNumber: number }), {
    look: 'first',
    find: look => findRole({ guildId, name }, look),
    create: () => createRole({ guildId, name }),
  })
}
