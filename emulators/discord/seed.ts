import { DISCORD_CLIENT_ID, DISCORD_GUILD_ID, DISCORD_GUILD_NAME, DISCORD_OWNER_ID } from '../defaults.ts'
import { addBot, createGuild } from './guilds.ts'
import { BOT_PERMISSIONS } from './permissions.ts'
import type { Store } from './store.ts'

/** The content of a new emulator: one guild with its owner and the bot. */
export function seedDefaults(store: Store, token: string): void {
  store.settings = { tokens: [token] }
  store.users.set(DISCORD_CLIENT_ID, { id: DISCORD_CLIENT_ID, username: 'Atelier', bot: true })
  store.users.set(DISCORD_OWNER_ID, { id: DISCORD_OWNER_ID, username: 'teacher', bot: false })
  createGuild(store, { id: DISCORD_GUILD_ID, name: DISCORD_GUILD_NAME, ownerId: DISCORD_OWNER_ID })
  addBot(store, DISCORD_GUILD_ID, BOT_PERMISSIONS)
}
