import { Hono } from 'hono'
import { join } from 'node:path'
import { CALLS_SCHEMA, CallLog } from '../core/calls.ts'
import { createRecordsTable } from '../core/collection.ts'
import { controlRoutes } from '../core/control.ts'
import { openDatabase } from '../core/database.ts'
import { Faults } from '../core/faults.ts'
import { mount } from '../core/pipeline.ts'
import type { App, Service } from '../core/pipeline.ts'
import { listen, loopbackOnly } from '../core/server.ts'
import { json } from '../core/response.ts'
import type { Emulator, StartOptions } from '../core/types.ts'
import { DISCORD_BOT_TOKEN, DISCORD_CLIENT_ID } from '../defaults.ts'
import { applySettings } from './settings.ts'
import { invalidForm, malformedJson, routeNotFound, unauthorized } from './errors.ts'
import type { DiscordBackend, Identity } from './backend.ts'
import { RateLimits, rateLimitBody } from './limits.ts'
import { oauthRoutes } from './oauth.ts'
import { pageRoutes } from './pages.ts'
import { apiRoutes } from './routes/index.ts'
import { seedDefaults } from './seed.ts'
import { stateOf } from './state.ts'
import { Store } from './store.ts'

export type { DiscordState } from './state.ts'

export interface DiscordOptions extends StartOptions {
  /** The bot's token; `emulator-discord-token` by default. */
  token?: string
}

const PREFIX = '/api'
const VERSION = '/v10'

/** Starts the Discord emulator on 127.0.0.1. The next start on the same folder finds its state. */
export async function start(options: DiscordOptions): Promise<Emulator> {
  const database = openDatabase(join(options.dataDir, 'discord.sqlite'), CALLS_SCHEMA)
  createRecordsTable(database)
  const { token = DISCORD_BOT_TOKEN } = options
  const backend: DiscordBackend = { url: '', apiUrl: '', store: new Store(database, store => seedDefaults(store, token)) }
  const calls = new CallLog(database)
  const limits = new RateLimits()
  const service: Service<Identity> = {
    calls,
    faults: new Faults(),
    latency: { ms: 0 },
    traffic: { open: 0 },
    authenticate: call => authenticate(backend, call.header('authorization')),
    admit: call => limits.admit(call),
    onAnswer: status => limits.onAnswer(status),
    malformed: reason => reason === 'syntax'
      ? malformedJson()
      : invalidForm({ _schema: { code: 'DICT_TYPE_CONVERT', message: 'Only dictionaries may be used in a DictType' } }),
    faultBody: (status, headers) => status === 429
      ? rateLimitBody(Number(Object.entries(headers).find(([name]) => name.toLowerCase() === 'retry-after')?.[1] ?? 1), false)
      : serverError(status),
    internalErrorBody: () => serverError(500),
  }

  const app: App = new Hono()
  loopbackOnly(app)
  mount(app, PREFIX + VERSION, apiRoutes(backend), service)
  app.all(`${PREFIX}/*`, () => json(routeNotFound().body, 404))
  app.route('/__emulator', controlRoutes({
    ...service,
    state: () => stateOf(backend.store),
    limits: body => limits.configure(body),
    settings: body => applySettings(backend.store, body),
    reset: () => {
      service.faults.clear()
      service.latency.ms = 0
      limits.reset()
      calls.clear()
      backend.store.reset()
    },
  }))
  app.route('/', oauthRoutes(backend))
  app.route('/', pageRoutes(backend))

  const server = await listen(app, options.port ?? 0)
  backend.url = `http://127.0.0.1:${server.port}`
  backend.apiUrl = backend.url + PREFIX
  return {
    url: backend.url,
    apiUrl: backend.apiUrl,
    port: server.port,
    close: async () => {
      service.faults.clear()
      await server.close()
      database.close()
    },
  }
}

/** The bot of the token in the Authorization header. */
function authenticate(backend: DiscordBackend, header: string | undefined): Identity {
  const token = /^Bot (.+)$/.exec(header ?? '')?.[1]
  if (token === undefined || !backend.store.settings.tokens.includes(token)) throw unauthorized()
  return { userId: DISCORD_CLIENT_ID }
}

function serverError(status: number): object {
  return { message: `${status}: Internal Server Error`, code: 0 }
}
