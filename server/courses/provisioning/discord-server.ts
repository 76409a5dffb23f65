import { attempt, ensure, type Outcome } from '../../ledger'
import { checkServer, createCategory, findCategory } from '../../lib/discord'
import type { CoursePlanRow } from '../queries'
import type { CourseRef } from '../../workflows/provision-course/types'
import { resourceOf, workOf } from './work'
import { discordText } from '../../../shared/utils/names'

/** Discord's limit of channels in a category. */
export const CATEGORY_SIZE = 50

/** The Discord server and the categories in which the course has its channels. */
export interface DiscordPlace { guildId: string, categoryIds: string[] }

/** Checks that the course fits into its Discord server, and gives it a category there. */
export const enterServer = (course: CourseRef, plan: CoursePlanRow): Promise<Outcome<DiscordPlace>> =>
  attempt(workOf(course), 'CREATE_DISCORD_SERVER', 'main', async () => {
    const channels = plan.discordChannels.length + plan.labGroups.length
    const categories = Math.ceil(channels / CATEGORY_SIZE)
    // Only a course with a server gets here: the workflow waits for one before.
    const server = await checkServer(plan.discordGuildId!, { channels: channels + categories, roles: plan.labGroups.length }, course.runId)
    await ensure(resourceOf(course, { service: 'DISCORD', type: 'GUILD', key: 'main', name: server.name }), {
      look: 'first',
      find: () => Promise.resolve({ id: server.id, url: server.url }),
      create: () => Promise.reject(new Error('An app cannot create a server.')),
    })
    const numbers = Array.from({ length: categories }, (_, index) => index + 1)
    const made = await Promise.all(numbers.map(number => ensureCategory(course, server.id, plan.discordCategoryName, number)))
    return { guildId: server.id, categoryIds: made.map(({ id }) => id) }
  })

function ensureCategory(course: CourseRef, guildId: string, wantedName: string, number: number) {
  const category = { guildId, name: number === 1 ? wantedName : `${discordText(wantedName, 96)} ${number}` }
  return ensure(resourceOf(course, { service: 'DISCORD', type: 'CATEGORY', key: number === 1 ? 'main' : `main-${number}`, name: category.name }), {
    look: 'first',
    find: look => findCategory(category, look),
    create: () => createCategory(category),
  })
}
