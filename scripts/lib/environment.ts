import { join, resolve } from 'node:path'
import * as emulated from '../../emulators/defaults.ts'
import type { EmulatorName } from '../../emulators/defaults.ts'
import { emulatorNames } from '../../emulators/defaults.ts'
import { LaunchError } from './errors.ts'
import { fromRoot } from './root.ts'
import { keepSecret } from './secrets.ts'

type Variables = Record<string, string | undefined>

export interface Settings {
  /** Absolute path of everything that the launcher keeps. */
  dataDir: string
  port: number
  /** Where people reach the dashboard. */
  url: string
  /** Whether the launcher brings its own PostgreSQL. */
  ownDatabase: boolean
  /** Services that no credentials were given for, and that the emulators play. */
  emulated: Record<EmulatorName, boolean>
}

/** Reads `.env`, where there is one; what is set already wins. */
export function loadEnvFile(path = fromRoot('.env')): void {
  try {
    process.loadEnvFile(path)
  }
  catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
}

/** The variable whose absence leaves a service to its emulator, and the one that says where the service is. */
const TOKENS: Record<EmulatorName, { token: string, url: string }> = {
  github: { token: 'GITHUB_TOKEN', url: 'GITHUB_API_URL' },
  discord: { token: 'DISCORD_BOT_TOKEN', url: 'DISCORD_API_URL' },
  huggingface: { token: 'HF_TOKEN', url: 'HF_API_URL' },
  figma: { token: 'FIGMA_TOKEN', url: 'FIGMA_API_URL' },
}

const isSet = (value: string | undefined): value is string => value !== undefined && value.trim() !== ''

/** What the environment asks of the launcher. Every variable has a default but in production, where a missing credential is the server's to name. */
export function readSettings(env: Variables): Settings {
  const port = Number(isSet(env.PORT) ? env.PORT : 3000)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new LaunchError(`PORT is "${env.PORT}", and a port is a number from 1 to 65535.`)
  for (const { url, token } of Object.values(TOKENS)) {
    if (isSet(env[url]) && !isSet(env[token]))
      throw new LaunchError(`${url} is set and ${token} is not. Set ${token}, too, or leave both out to use the emulator.`)
  }
  const ownDatabase = !isSet(env.DATABASE_URL)
  const production = !ownDatabase && env.NODE_ENV === 'production'
  return {
    dataDir: resolve(fromRoot(), isSet(env.ATELIER_DATA_DIR) ? env.ATELIER_DATA_DIR : '.data'),
    port,
    url: `http://localhost:${port}`,
    ownDatabase,
    emulated: Object.fromEntries(emulatorNames.map(name => [name, !production && !isSet(env[TOKENS[name].token])])) as Settings['emulated'],
  }
}

export type Addresses = { databaseUrl?: string } & Partial<Record<EmulatorName, { apiUrl: string }>>

/** The variables of the server that the environment leaves open, for what was started. */
export function fillIn(env: Variables, { databaseUrl, github, discord, huggingface, figma }: Addresses): Record<string, string> {
  return {
    ...(databaseUrl && { DATABASE_URL: databaseUrl }),
    ...(github && { GITHUB_API_URL: github.apiUrl, GITHUB_TOKEN: emulated.GITHUB_TOKEN, GITHUB_ORG: emulated.GITHUB_ORG }),
    ...(discord && {
      DISCORD_API_URL: discord.apiUrl,
      DISCORD_BOT_TOKEN: emulated.DISCORD_BOT_TOKEN,
      DISCORD_CLIENT_ID: emulated.DISCORD_CLIENT_ID,
      // Set to nothing, it makes courses wait for a server: that, too, can be tried with the emulator.
      DISCORD_GUILD_ID: env.DISCORD_GUILD_ID ?? emulated.DISCORD_GUILD_ID,
    }),
    ...(huggingface && { HF_API_URL: huggingface.apiUrl, HF_TOKEN: emulated.HF_TOKEN }),
    ...(figma && { FIGMA_API_URL: figma.apiUrl, FIGMA_TOKEN: emulated.FIGMA_TOKEN, FIGMA_TEAM_ID: emulated.FIGMA_TEAM_ID }),
  }
}

export interface Keys { variables: Record<string, string>, newApiKey?: string }

/** The owner's key and the webhook secret: made at the first start and kept, unless they are given. */
export async function keepKeys(env: Variables, { dataDir, ownDatabase }: Settings): Promise<Keys> {
  // Several processes on one database must agree on these, and none of them can make them up.
  if (!ownDatabase && env.NODE_ENV === 'production') return { variables: {} }
  const apiKey = isSet(env.API_KEY) ? undefined : await keepSecret(join(dataDir, 'api-key'))
  const webhook = isSet(env.GITHUB_WEBHOOK_SECRET) ? undefined : await keepSecret(join(dataDir, 'github-webhook-secret'))
  return {
    variables: { ...(apiKey && { API_KEY: apiKey.value }), ...(webhook && { GITHUB_WEBHOOK_SECRET: webhook.value }) },
    ...(apiKey?.isNew && { newApiKey: apiKey.value }),
  }
}
