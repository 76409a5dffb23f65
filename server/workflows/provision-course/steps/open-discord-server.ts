import { findCoursePlan } from '../../../db/queries/courses'
import { attempt, comeBackFor, ensure, valueOf } from '../../../ledger'
import { checkServer, createCategory, findCategory } from '../../../lib/discord'
import { CATEGORY_SIZE } from '../channels'
import type { CourseRef, DiscordPlace } from '../types'
import { resourceOf, workOf } from '../work'
import { CRASH_PROOF } from '../../../../workflows.config'

/** Checks the course's Discord server and gives the course its category there; undefined when that failed. */
export async function openDiscordServer(course: CourseRef): Promise<DiscordPlace | undefined> {
  'use step'
  const opened = await attempt(workOf(course), 'CREATE_DISCORD_SERVER', 'main', () => openPlace(course))
  comeBackFor([opened])
  return valueOf(opened)
}
openDiscordServer.maxRetries = CRASH_PROOF

async function openPlace(course: CourseRef): Promise<DiscordPlace> {
  const { discordGuildId: guildId, discordChannels, labGroups, discordCategoryName } = await findCoursePlan(course.courseId)
  const channels = discordChannels.length + labGroups.length
  const categories = Math.ceil(channels / CATEGORY_SIZE)
  const server = await checkServer(guildId!, { channels: channels + categories, roles: labGroups.length })
  await ensure(resourceOf(course, { service: 'DISCORD', type: 'GUILD', key: 'main', name: server.name }), {
    look: 'first',
    find: () => Promise.resolve({ id: server.id, url: server.url }),
    create: () => Promise.reject(new Error('An app cannot create a server.')),
  })
  const made = await Promise.all(Array.from({ length: categories }, (_, index) => {
    const category = { guildId: server.id, name: index === 0 ? discordCategoryName : `${discordCategoryName.slice(0, 96)} ${index + 1}` }
    return ensure(resourceOf(course, { service: 'DISCORD', type: 'CATEGORY', key: index === 0 ? 'main' : `main-${index + 1}`, name: category.name }), {
      look: 'first',
      find: look => findCategory(category, look),
      create: () => createCategory(category),
    })
  }))
  return { guildId: server.id, categoryIds: made.map(({ id }) => id) }
}
