import { Hono } from 'hono'
import { join } from 'node:path'
import { CALLS_SCHEMA, CallLog } from '../core/calls.ts'
import { controlRoutes } from '../core/control.ts'
import { openDatabase } from '../core/database.ts'
import { Faults } from '../core/faults.ts'
import { mount } from '../core/pipeline.ts'
import type { App, Service } from '../core/pipeline.ts'
import { listen, loopbackOnly } from '../core/server.ts'
import { json } from '../core/refusal.ts'
import type { Emulator, StartOptions } from '../core/types.ts'
import { DISCORD_CLIENT_ID } from '../defaults.ts'
import { THINGS_SCHEMA } from '../core/collection.ts'
import { applySettings } from './control.ts'
import { invalidForm, malformedJson, routeNotFound, unauthorized } from './errors.ts'
import type { Hub, Identity } from './hub.ts'
import { RateLimits, rateLimitBody } from './limits.ts'
import { oauthRoutes } from './oauth.ts'
import { pageRoutes } from './pages.ts'
import { apiRoutes } from './routes/index.ts'
import { stateOf } from './state.ts'
import { Store } from './store.ts'

export type { DiscordState } from './state.ts'

export interface DiscordOptions extends StartOptions {
  /** The bot's token; `emulator-discord-token` by default. */
  token?: string
}

const PREFIX = '/api'
const VERSION = '/v10'

/** Starts the Discord emulator on 127.0.0.1. Its state is found again by the next start on the same folder. */
export async function start(options: DiscordOptions): Promise<Emulator> {
  const database = openDatabase(join(options.dataDir, 'discord.sqlite'), CALLS_SCHEMA + THINGS_SCHEMA)
  const hub: Hub = { url: '', apiUrl: '', store: new Store(database, options.token) }
  const calls = new CallLog(database)
  const limits = new RateLimits()
  const service: Service<Identity> = {
    calls,
    faults: new Faults(),
    latency: { ms: 0 },
    traffic: { open: 0 },
    authenticate: call => identify(hub, call.header('authorization')),
    admit: call => limits.admit(call),
    answered: status => limits.answered(status),
    malformed: reason => reason === 'syntax'
      ? malformedJson()
      : invalidForm({ _schema: { code: 'DICT_TYPE_CONVERT', message: 'Only dictionaries may be used in a DictType' } }),
    faultBody: (status, headers) => status === 429
      ? rateLimitBody(Number(Object.entries(headers).find(([name]) => name.toLowerCase() === 'retry-after')?.[1] ?? 1), false)
      : broken(status),
    broken: () => broken(500),
  }

  const app: App = new Hono()
  loopbackOnly(app)
  mount(app, PREFIX + VERSION, apiRoutes(hub), service)
  app.all(`${PREFIX}/*`, () => json(routeNotFound().body, 404))
  app.route('/__emulator', controlRoutes({
    ...service,
    state: () => stateOf(hub.store),
    limits: body => limits.configure(body),
    settings: body => applySettings(hub.store, body),
    reset: () => {
      service.faults.clear()
      service.latency.ms = 0
      limits.reset()
      calls.clear()
      hub.store.reset()
    },
  }))
  app.route('/', oauthRoutes(hub))
  app.route('/', pageRoutes(hub))

  const server = await listen(app, options.port ?? 0)
  hub.url = `http://127.0.0.1:${server.port}`
  hub.apiUrl = hub.url + PREFIX
  return {
    url: hub.url,
    apiUrl: hub.apiUrl,
    port: server.port,
    close: async () => {
      service.faults.clear()
      await server.close()
      database.close()
    },
  }
}

/** The bot whose token the Authorization header carries. */
function identify(hub: Hub, header: string | undefined): Identity {
  const token = /^Bot (.+)$/.exec(header ?? '')?.[1]
  if (token === undefined || !hub.store.settings.tokens.includes(token)) throw unauthorized()
  return { userId: DISCORD_CLIENT_ID }
}

function broken(status: number): object {
  return { message: `${status}: Internal Server Error`, code: 0 }
}
