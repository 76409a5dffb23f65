import { DISCORD_BOT_TOKEN, DISCORD_CLIENT_ID, DISCORD_GUILD_ID, GITHUB_ORG, GITHUB_TOKEN } from '../../emulators/defaults.ts'
import { type Api, createApi } from './api.ts'
import type { Atelier } from './atelier.ts'
import { createServerProcess, type Server } from './server.ts'

/** One more server on the database and the emulators of another. */
export interface Beside { server: Server, api: Api }

/** Prepares a server beside the one of a suite; it still has to be started, and is ended with the stack. */
export async function besideOf(atelier: Atelier, stack: AsyncDisposableStack, env: Record<string, string> = {}): Promise<Beside> {
  const server = await createServerProcess({
    DATABASE_URL: atelier.databaseUrl,
    API_KEY: atelier.apiKey,
    GITHUB_API_URL: `${atelier.github.url}/api/v3`,
    GITHUB_TOKEN,
    GITHUB_ORG,
    DISCORD_API_URL: `${atelier.discord.url}/api`,
    DISCORD_BOT_TOKEN,
    DISCORD_CLIENT_ID,
    DISCORD_GUILD_ID,
    RETRY_BASE_MS: '50',
    ...env,
  })
  stack.defer(async () => {
    await server.stop()
  })
  return { server, api: createApi(server, atelier.apiKey) }
}
