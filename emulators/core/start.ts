import { Hono } from 'hono'
import type { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { CALLS_SCHEMA, CallLog } from './calls.ts'
import { createRecordsTable } from './collection.ts'
import { controlRoutes } from './control.ts'
import { openDatabase } from './database.ts'
import { Faults } from './faults.ts'
import { mount } from './pipeline.ts'
import type { App, Call, EarlyCall, Route } from './pipeline.ts'
import { HttpError } from './http-error.ts'
import { json } from './response.ts'
import { listen, loopbackOnly } from './server.ts'
import type { Emulator, StartOptions } from './types.ts'

/** The address of an emulator; set before the first call. */
export interface Address { url: string }

/** The definition of an emulator that has no rate limits. */
export interface EmulatorDefinition<Identity> {
  /** Path prefix of its API; empty when the API has the root. */
  prefix: string
  routes: Route<Identity>[]
  pages: App
  authenticate: (call: EarlyCall) => Identity
  /** An error in the service's own format. */
  errorBody: (status: number, message: string) => unknown
  state: () => unknown
  settings: (body: unknown) => unknown
  /** Restores the content of a new emulator. */
  reset: () => void | Promise<void>
  /** Refuses requests before anything reads them; those of other sites' web pages unless it says otherwise. */
  guard?: (app: App) => void
  /** Ends what the emulator has started. */
  close?: () => Promise<void>
}

const STATUS_MESSAGES: Record<number, string> = { 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not found', 429: 'Rate limit exceeded' }

/** Starts an emulator on 127.0.0.1. The next start on the same folder finds its state. */
export async function startEmulator<Identity>(
  name: string,
  options: StartOptions,
  define: (database: DatabaseSync, address: Address) => EmulatorDefinition<Identity>,
): Promise<Emulator> {
  const database = openDatabase(join(options.dataDir, `${name}.sqlite`), CALLS_SCHEMA)
  createRecordsTable(database)
  const address: Address = { url: '' }
  const { prefix, routes, pages, authenticate, errorBody, state, settings, reset, guard = loopbackOnly, close } = define(database, address)
  const service = {
    calls: new CallLog(database),
    faults: new Faults(),
    latency: { ms: 0 },
    traffic: { open: 0 },
    authenticate,
    admit: (_: Call<Identity>) => ({}),
    malformed: () => new HttpError(400, errorBody(400, 'Invalid JSON body')),
    faultBody: (status: number) => errorBody(status, STATUS_MESSAGES[status] ?? 'Internal Server Error'),
    internalErrorBody: () => errorBody(500, 'Internal Server Error'),
  }

  const app: App = new Hono()
  guard(app)
  mount(app, prefix, routes, service)
  if (prefix !== '') app.all(`${prefix}/*`, () => json(errorBody(404, 'Not found'), 404))
  app.route('/__emulator', controlRoutes({
    ...service,
    state,
    limits: () => ({}),
    settings,
    reset: async () => {
      service.faults.clear()
      service.latency.ms = 0
      service.calls.clear()
      await reset()
    },
  }))
  app.route('/', pages)

  const server = await listen(app, options.port ?? 0)
  address.url = `http://127.0.0.1:${server.port}`
  return {
    url: address.url,
    apiUrl: address.url,
    port: server.port,
    close: async () => {
      service.faults.clear()
      await close?.()
      await server.close()
      database.close()
    },
  }
}
