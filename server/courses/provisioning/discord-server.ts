import { attempt, ensure, type Outcome, type RunRef } from '../../ledger'
import { checkServer, createCategory, findCategory } from '../../lib/discord'
import { discordText } from '../../../shared/utils/names'
import type { CoursePlanRow } from '../queries'
import { resourceOf } from './resources'

/** Discord's limit of channels in a category. */
export const CATEGORY_SIZE = 50

/** The Discord server and the categories in which the course has its channels. */
export interface DiscordPlace { guildId: string, categoryIds: string[] }

/** Checks that the course fits into its Discord server, and gives it categories there. */
export const enterServer = (run: RunRef, plan: CoursePlanRow, guildId: string): Promise<Outcome<DiscordPlace>> =>
  attempt(run, 'CREATE_DISCORD_SERVER', 'main', async () => {
    const channels = plan.discordChannels.length + plan.labGroups.length
    const categories = Math.ceil(channels / CATEGORY_SIZE)
    const server = await checkServer(guildId, { channels: channels + categories, roles: plan.labGroups.length }, run.runId)
    await ensure(resourceOf(run, { service: 'DISCORD', type: 'GUILD', key: 'main', name: server.name }), {
      look: 'first',
      find: () => Promise.resolve({ id: server.id, url: server.url }),
      create: () => Promise.reject(new Error('An app cannot create a server.')),
    })
    const numbers = Array.from({ length: categories }, (_, index) => index + 1)
    const created = await Promise.all(numbers.map(number => ensureCategory(run, server.id, plan.discordCategoryName, number)))
    return { guildId: server.id, categoryIds: created.map(({ id }) => id) }
  })

function ensureCategory(run: RunRef, guildId: string, categoryName: string, number: number) {
  const isFirst = number === 1
  const category = { guildId, name: isFirst ? categoryName : `${discordText(categoryName, 96)} ${number}` }
  const key = isFirst ? 'main' : `main-${number}`
  return ensure(resourceOf(run, { service: 'DISCORD', type: 'CATEGORY', key, name: category.name }), {
    look: 'first',
    find: look => findCategory(category, look),
    create: () => createCategory(category),
  })
}
