import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { DISCORD_BOT_TOKEN, DISCORD_CLIENT_ID, DISCORD_GUILD_ID, FIGMA_TEAM_ID, FIGMA_TOKEN, GITHUB_ORG, GITHUB_TOKEN, HF_TOKEN } from '../../emulators/defaults.ts'
import { startEmulators } from '../../emulators/index.ts'
import { type Api, createApi } from './api.ts'
import { type Control, createControl } from '../../emulators/control-client.ts'
import { createDatabase } from './database.ts'
import { createServerProcess, type Server } from './server.ts'

/** Everything that a suite against the built server needs; nothing in it is shared with another suite. */
export interface Atelier {
  server: Server
  api: Api
  apiKey: string
  github: Control
  discord: Control
  huggingface: Control
  figma: Control
  databaseUrl: string
  close(): Promise<void>
}

const apiKey = 'test-owner-key-0123456789abcdef0123456789'

/**
 * Starts emulators and a built server on a database of its own. Attempts follow each other
 * quickly; `env` overrides anything, an empty string takes a variable away; `prepared` sees the
 * server before it starts.
 */
export async function startAtelier({ env = {}, postgresUrl = inject('postgresUrl'), prepared }: { env?: Record<string, string>, postgresUrl?: string, prepared?: (server: Server) => void } = {}): Promise<Atelier> {
  const dataDir = await mkdtemp(join(tmpdir(), 'atelier-e2e-'))
  const [database, emulators] = await Promise.all([createDatabase(postgresUrl), startEmulators({ dataDir })])
  const server = await createServerProcess({
    DATABASE_URL: database.url,
    API_KEY: apiKey,
    GITHUB_API_URL: emulators.github.apiUrl,
    GITHUB_TOKEN,
    GITHUB_ORG,
    DISCORD_API_URL: emulators.discord.apiUrl,
    DISCORD_BOT_TOKEN,
    DISCORD_CLIENT_ID,
    DISCORD_GUILD_ID,
    HF_API_URL: emulators.huggingface.apiUrl,
    HF_TOKEN,
    FIGMA_API_URL: emulators.figma.apiUrl,
    FIGMA_TOKEN,
    FIGMA_TEAM_ID,
    RETRY_BASE_MS: '50',
    ...env,
  })
  prepared?.(server)
  await server.start()
  return {
    server,
    apiKey,
    api: createApi(server.url, apiKey),
    github: createControl(emulators.github.url),
    discord: createControl(emulators.discord.url),
    huggingface: createControl(emulators.huggingface.url),
    figma: createControl(emulators.figma.url),
    databaseUrl: database.url,
    async close() {
      await server.stop()
      await emulators.close()
      await database.drop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
