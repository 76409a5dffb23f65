import { join, resolve } from 'node:path'
import * as emulated from '../../emulators/defaults.ts'
import type { EmulatorName } from '../../emulators/defaults.ts'
import { emulatorNames } from '../../emulators/defaults.ts'
import { isGuessable, SHORTEST_KEY } from '../../server/lib/env/secret.ts'
import { describeRefusal, parseVariable } from '../../server/lib/env/parse.ts'
import type { Environment, VariableName } from '../../server/lib/env/schema.ts'
import { failure } from '../../server/lib/messages/index.ts'
import { EX_CONFIG, LaunchError } from './errors.ts'
import { fromRoot } from './root.ts'
import { keepSecret } from './secrets.ts'

type Variables = Record<string, string | undefined>

export interface Settings {
  /** Absolute path of everything that the launcher keeps. */
  dataDir: string
  port: number
  /** The address that a server with the launcher's own PostgreSQL listens on. */
  host: string
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
const TOKENS: Record<EmulatorName, { token: VariableName, url: VariableName }> = {
  github: { token: 'GITHUB_TOKEN', url: 'GITHUB_API_URL' },
  discord: { token: 'DISCORD_BOT_TOKEN', url: 'DISCORD_API_URL' },
  huggingface: { token: 'HF_TOKEN', url: 'HF_API_URL' },
  figma: { token: 'FIGMA_TOKEN', url: 'FIGMA_API_URL' },
  kv: { token: 'KV_REST_API_TOKEN', url: 'KV_REST_API_URL' },
  sandbox: { token: 'VERCEL_TOKEN', url: 'VERCEL_SANDBOX_API_URL' },
}

/** Vercel's own token stands for the token of sandboxes. */
const isConfigured = (env: Variables, name: EmulatorName) =>
  isSet(env[TOKENS[name].token]) || (name === 'sandbox' && isSet(env.VERCEL_OIDC_TOKEN))

const isSet = (value: string | undefined): value is string => value !== undefined && value.trim() !== ''

/** @throws LaunchError for a value that the schema refuses */
function read<N extends VariableName>(env: Variables, name: N): Environment[N] {
  const { success, data, error } = parseVariable(name, env[name])
  if (success) return data
  const { message, fix } = failure('VARIABLE_WRONG', describeRefusal(name, env[name], error))
  throw new LaunchError(`${message} ${fix}`)
}

/** The database that migrations are applied to: past the pooler, where there is one. */
export const migrationUrl = (env: Variables): string | undefined => read(env, 'DATABASE_DIRECT_URL') ?? read(env, 'DATABASE_URL')

/** With a database and NODE_ENV=production nothing is emulated or made up: several processes must agree on what they use. */
const isProduction = (env: Variables): boolean => isSet(env.DATABASE_URL) && read(env, 'NODE_ENV') === 'production'

/**
 * What the environment asks of the launcher. Every variable has a default, except in production: there the server
 * names a missing credential.
 */
export function readSettings(env: Variables): Settings {
  const port = read(env, 'PORT')
  for (const name of emulatorNames) {
    const { url, token } = TOKENS[name]
    if (isSet(env[url]) && !isConfigured(env, name))
      throw new LaunchError(`${url} is set and ${token} is not. Set ${token}, too, or leave both out to use the emulator.`)
  }
  const production = isProduction(env)
  return {
    dataDir: resolve(fromRoot(), read(env, 'ATELIER_DATA_DIR')),
    port,
    // A laptop's server is for that laptop, unless it is told otherwise.
    host: read(env, 'HOST') ?? '127.0.0.1',
    url: `http://localhost:${port}`,
    ownDatabase: !isSet(env.DATABASE_URL),
    emulated: Object.fromEntries(emulatorNames.map(name => [name, !production && !isConfigured(env, name)])) as Settings['emulated'],
  }
}

export type Addresses = { databaseUrl?: string } & Partial<Record<EmulatorName, { apiUrl: string, token?: string }>>

/** The variables of the server that the environment leaves open, for what was started. */
export function fillIn(env: Variables, addresses: Addresses): Record<string, string> {
  const { databaseUrl, github, discord, huggingface, figma, kv, sandbox } = addresses
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
    ...(kv && { KV_REST_API_URL: kv.apiUrl, KV_REST_API_TOKEN: emulated.KV_TOKEN }),
    ...(sandbox?.token && {
      VERCEL_SANDBOX_API_URL: sandbox.apiUrl,
      VERCEL_TOKEN: sandbox.token,
      VERCEL_TEAM_ID: emulated.VERCEL_TEAM_ID,
      VERCEL_PROJECT_ID: emulated.VERCEL_PROJECT_ID,
    }),
  }
}

export interface ApiKey { apiKey: string | undefined, isNew: boolean }

/**
 * The owner's key, unless it is given: made at the first start and kept. Production has none but a given one.
 * @throws LaunchError for a given key that other machines could guess
 */
export async function keepApiKey(env: Variables, { dataDir, host, ownDatabase }: Settings): Promise<ApiKey> {
  const given = read(env, 'API_KEY')
  if (given !== undefined && isGuessable(given, ownDatabase ? host : read(env, 'HOST'))) {
    const { message, fix } = failure('API_KEY_SHORT', { least: SHORTEST_KEY })
    throw new LaunchError(`${message} ${fix}`, EX_CONFIG)
  }
  if (given || isProduction(env)) return { apiKey: given, isNew: false }
  const { value, isNew } = await keepSecret(join(dataDir, 'api-key'))
  return { apiKey: value, isNew }
}
