import {
  DISCORD_BOT_TOKEN, DISCORD_CLIENT_ID, DISCORD_GUILD_ID, FIGMA_TEAM_ID, FIGMA_TOKEN, GITHUB_ORG, GITHUB_TOKEN, HF_TOKEN, KV_TOKEN,
  VERCEL_PROJECT_ID, VERCEL_TEAM_ID,
} from '../../emulators/defaults.ts'
import { startEmulators } from '../../emulators/index.ts'
import { own } from '../../scripts/lib/own.ts'
import { type Api, createApi } from './api.ts'
import { type Control, createControl } from '../../emulators/control-client.ts'
import { createDatabase } from './database.ts'
import { createServerProcess, type Server } from './server.ts'
import { temporaryFolder } from './stack.ts'

/** Everything that a suite against the built server needs; nothing in it is shared with another suite. */
export interface Atelier {
  server: Server
  api: Api
  apiKey: string
  github: Control
  discord: Control
  huggingface: Control
  figma: Control
  kv: Control
  sandbox: Control
  databaseUrl: string
  close(): Promise<void>
}

const apiKey = 'test-owner-key-0123456789abcdef0123456789'

export interface AtelierOptions {
  /** Overrides any variable of the server; an empty string takes one away. */
  env?: Record<string, string>
  /** A migrated database of another PostgreSQL than the test run's. */
  templateUrl?: string
  /** Is told the server's port before it starts. */
  onPort?: (port: number) => void
  /** Another build of the server than the product's own. */
  script?: string
}

/**
 * Starts emulators and a built server on a database of its own. Attempts follow each
 * other quickly. A start that fails ends what it had begun.
 */
export async function startAtelier({ env = {}, templateUrl, onPort, script }: AtelierOptions = {}): Promise<Atelier> {
  await using stack = new AsyncDisposableStack()
  const dataDir = await temporaryFolder(stack, 'atelier-e2e')
  const [database, emulators] = await Promise.all([
    own(stack, () => createDatabase(templateUrl), database => database.drop()),
    own(stack, () => startEmulators({ dataDir }), emulators => emulators.close()),
  ])
  const server = await createServerProcess({
    DATABASE_URL: database.url,
    API_KEY: apiKey,
    // Tests are the proxy, so that they can come from many addresses, and by https.
    TRUSTED_PROXIES: '1',
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
    KV_REST_API_URL: emulators.kv.apiUrl,
    KV_REST_API_TOKEN: KV_TOKEN,
    VERCEL_SANDBOX_API_URL: emulators.sandbox.apiUrl,
    VERCEL_TOKEN: emulators.sandbox.token!,
    VERCEL_TEAM_ID,
    VERCEL_PROJECT_ID,
    RETRY_BASE_MS: '50',
    OBSERVED_STATE_SECONDS: '0',
    ...env,
  }, onPort, script)
  const controls = {
    github: createControl(emulators.github.url),
    discord: createControl(emulators.discord.url),
    huggingface: createControl(emulators.huggingface.url),
    figma: createControl(emulators.figma.url),
    kv: createControl(emulators.kv.url),
    sandbox: createControl(emulators.sandbox.url, emulators.sandbox.token),
  }
  stack.defer(async () => {
    await server.stop()
  })
  // Calls that are held would hold up the end of the server, too.
  stack.defer(async () => {
    await Promise.all(Object.values(controls).map(control => control.removeFault()))
  })
  await server.start()
  const parts = stack.move()
  return { server, apiKey, api: createApi(server, apiKey), ...controls, databaseUrl: database.url, close: () => parts.disposeAsync() }
}
