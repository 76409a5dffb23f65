import { DISCORD_BOT_TOKEN, DISCORD_CLIENT_ID, DISCORD_GUILD_ID, GITHUB_ORG, GITHUB_TOKEN } from '../../emulators/defaults.ts'
import { type Api, createApi } from './api.ts'
import type { Atelier } from './atelier.ts'
import { createServerProcess, type Server } from './server.ts'

/** A server on the database and the emulators of another one. */
export interface Replica { server: Server, api: Api }

/** Prepares a replica of the server of a suite. The suite starts it; the stack ends it. */
export async function prepareReplica(atelier: Atelier, stack: AsyncDisposableStack, env: Record<string, string> = {}): Promise<Replica> {
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
