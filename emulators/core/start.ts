import { Hono } from 'hono'
import type { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { CALLS_SCHEMA, CallLog } from './calls.ts'
import { THINGS_SCHEMA } from './collection.ts'
import { controlRoutes } from './control.ts'
import { openDatabase } from './database.ts'
import { Faults } from './faults.ts'
import { mount } from './pipeline.ts'
import type { App, Call, EarlyCall, Route } from './pipeline.ts'
import { json, Refusal } from './refusal.ts'
import { listen, loopbackOnly } from './server.ts'
import type { Emulator, StartOptions } from './types.ts'

/** Where an emulator is reached; filled in before the first call. */
export interface Place { url: string }

/** What an emulator without rate limits of its own consists of. */
export interface Plan<Identity> {
  /** Path below which its API answers. */
  prefix: string
  routes: Route<Identity>[]
  pages: App
  authenticate: (call: EarlyCall) => Identity
  /** An error in the service's own shape. */
  errorBody: (status: number, message: string) => unknown
  state: () => unknown
  settings: (body: unknown) => unknown
  /** Back to what a new emulator contains. */
  reset: () => void
}

const SAYS: Record<number, string> = { 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not found', 429: 'Rate limit exceeded' }

/** Starts an emulator on 127.0.0.1. Its state is found again by the next start on the same folder. */
export async function startEmulator<Identity>(name: string, options: StartOptions, planOf: (database: DatabaseSync, place: Place) => Plan<Identity>): Promise<Emulator> {
  const database = openDatabase(join(options.dataDir, `${name}.sqlite`), CALLS_SCHEMA + THINGS_SCHEMA)
  const place: Place = { url: '' }
  const { prefix, routes, pages, authenticate, errorBody, state, settings, reset } = planOf(database, place)
  const service = {
    calls: new CallLog(database),
    faults: new Faults(),
    latency: { ms: 0 },
    traffic: { open: 0 },
    authenticate,
    admit: (_: Call<Identity>) => ({}),
    malformed: () => new Refusal(400, errorBody(400, 'Invalid JSON body')),
    faultBody: (status: number) => errorBody(status, SAYS[status] ?? 'Internal Server Error'),
    broken: () => errorBody(500, 'Internal Server Error'),
  }

  const app: App = new Hono()
  loopbackOnly(app)
  mount(app, prefix, routes, service)
  app.all(`${prefix}/*`, () => json(errorBody(404, 'Not found'), 404))
  app.route('/__emulator', controlRoutes({
    ...service,
    state,
    limits: () => ({}),
    settings,
    reset: () => {
      service.faults.clear()
      service.latency.ms = 0
      service.calls.clear()
      reset()
    },
  }))
  app.route('/', pages)

  const server = await listen(app, options.port ?? 0)
  place.url = `http://127.0.0.1:${server.port}`
  return {
    url: place.url,
    apiUrl: place.url,
    port: server.port,
    close: async () => {
      service.faults.clear()
      await server.close()
      database.close()
    },
  }
}
