import type { HttpBindings } from '@hono/node-server'
import type { Context, Hono } from 'hono'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CallLog } from './calls.ts'
import { drop, isGone, onGone } from './connection.ts'
import type { Fault, Faults } from './faults.ts'
import { Refusal, json } from './refusal.ts'
import type { JsonObject } from './types.ts'
import { isObject } from './types.ts'

export type App = Hono<{ Bindings: HttpBindings }>

/** One API call on its way to its handler. */
export interface Call<Identity> {
  /** Path parameters, decoded. */
  param: (name: string) => string
  query: (name: string) => string | undefined
  /** All of the query, the first value of each name. */
  queries: Record<string, string>
  header: (name: string) => string | undefined
  /** The JSON body; an empty object when there was none. */
  body: JsonObject
  /** Size of the body in bytes. */
  bodySize: number
  method: string
  /** Path as it was asked for, percent-encoding included. */
  path: string
  operation: string
  identity: Identity
}

/** What is known of a call before anybody was authenticated. */
export type EarlyCall = Omit<Call<unknown>, 'identity'>

/** One operation of an API. */
export interface Route<Identity> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Hono path below the API's prefix. */
  path: string
  /** operationId of the service's own OpenAPI description. */
  operation: string
  /** Name of the thing that the call is about. */
  subject?: (call: EarlyCall) => string
  handler: (call: Call<Identity>) => Response | Promise<Response>
}

/** What the pipeline needs to know of a service. */
export interface Service<Identity> {
  calls: CallLog
  faults: Faults
  /** Milliseconds added to every API call. */
  latency: { ms: number }
  /** Calls in flight at this moment. */
  traffic: { open: number }
  authenticate: (call: EarlyCall) => Identity
  /** Counts the call against the rate limits and returns their headers; throws when one is exceeded. */
  admit: (call: Call<Identity>) => Record<string, string>
  /** Hears of every answer. */
  answered?: (status: number) => void
  /** The service's answer to a body that is no JSON object. */
  malformed: (reason: 'syntax' | 'shape') => Refusal
  /** The body that the service would send with a planned error status. */
  faultBody: (status: number, headers: Record<string, string>) => unknown
  /** The body of an answer to a defect of the emulator itself. */
  broken: () => unknown
}

/** Adds routes to an app; every call passes latency, faults, authentication, limits and the log. */
export function mount<Identity>(app: App, prefix: string, routes: Route<Identity>[], service: Service<Identity>): void {
  for (const route of routes) {
    app.on(route.method, prefix + route.path, async (c) => {
      service.traffic.open++
      try {
        return await run(c, route, service)
      }
      finally {
        service.traffic.open--
      }
    })
  }
}

async function run<Identity>(c: Context<{ Bindings: HttpBindings }>, route: Route<Identity>, service: Service<Identity>): Promise<Response> {
  const text = route.method === 'GET' ? '' : await c.req.text()
  const early: EarlyCall = {
    param: name => c.req.param(name) ?? '',
    query: name => c.req.query(name),
    queries: c.req.query(),
    header: name => c.req.header(name),
    body: {},
    bodySize: Buffer.byteLength(text),
    method: route.method,
    path: c.req.path,
    operation: route.operation,
  }
  const parsed = parse(text, c.req.header('content-type'))
  if (isObject(parsed.value)) early.body = parsed.value
  if (service.latency.ms > 0) await sleep(service.latency.ms)

  const about = {
    operation: route.operation,
    method: route.method,
    path: c.req.path,
    subject: route.subject?.(early) ?? '',
    mutation: route.method !== 'GET',
  }
  const fault = service.faults.match(about)
  const log = (status: number, effect: boolean) => {
    service.answered?.(status)
    service.calls.add({ ...about, status, effect, fault: fault?.id ?? null })
  }

  if (fault?.when === 'before') {
    const answer = await bend(c.env, fault, service)
    if (answer !== undefined) {
      const bent = fault.action === 'status' ? fault.status ?? 500 : 0
      log(bent, false)
      return answer
    }
  }

  const response = await answer(early, parsed, route, service)
  const effect = response.status < 400
  const told = fault?.when === 'after' && fault.action === 'status' ? fault.status ?? 500 : response.status
  // Logged before an answer is held back: whoever looks meanwhile must see what took effect.
  log(told, effect)
  if (fault?.when !== 'after') return response
  return await bend(c.env, fault, service) ?? response
}

async function answer<Identity>(early: EarlyCall, parsed: Parsed, route: Route<Identity>, service: Service<Identity>): Promise<Response> {
  let limits: Record<string, string> = {}
  try {
    const call: Call<Identity> = { ...early, identity: service.authenticate(early) }
    limits = service.admit(call)
    if (!parsed.ok) throw service.malformed('syntax')
    if (parsed.value !== undefined && !isObject(parsed.value) && !Array.isArray(parsed.value)) throw service.malformed('shape')
    if (Array.isArray(parsed.value)) call.body = { items: parsed.value }
    const response = await route.handler(call)
    for (const [name, value] of Object.entries(limits)) response.headers.set(name, value)
    return response
  }
  catch (error) {
    if (error instanceof Refusal) return json(error.body, error.status, { ...limits, ...error.headers })
    console.error(`emulator: ${route.operation} broke:`, error)
    return json(service.broken(), 500, limits)
  }
}

/** Does what the fault says; undefined means that the call goes on as if nothing had been. */
async function bend<Identity>(http: HttpBindings, fault: Fault, service: Service<Identity>): Promise<Response | undefined> {
  if (fault.action === 'status') {
    service.faults.reach(fault)
    const headers = fault.headers ?? {}
    const status = fault.status ?? 500
    return json(fault.body ?? service.faultBody(status, headers), status, headers)
  }
  if (fault.action === 'drop') {
    const answer = drop(http)
    service.faults.reach(fault)
    return answer
  }
  if (fault.action === 'delay') {
    service.faults.reach(fault)
    await sleep(fault.ms ?? 0)
    return isGone(http) && fault.when === 'before' ? drop(http) : undefined
  }
  return await hold(http, fault, service)
}

/** Keeps the client waiting until it goes away (an answer nobody reads) or the fault is removed (undefined). */
async function hold<Identity>(http: HttpBindings, fault: Fault, service: Service<Identity>): Promise<Response | undefined> {
  const gone = Promise.withResolvers<unknown>()
  const stop = onGone(http, () => gone.resolve(undefined))
  service.faults.reach(fault)
  try {
    while (!isGone(http) && service.faults.get(fault.id) !== undefined) {
      const change = service.faults.change(fault.id)
      await Promise.race([gone.promise, change.promise])
      change.cancel()
    }
  }
  finally {
    stop()
  }
  return isGone(http) ? drop(http) : undefined
}

type Parsed = { ok: true, value: unknown } | { ok: false, value?: undefined }

function parse(text: string, contentType = ''): Parsed {
  if (text === '') return { ok: true, value: undefined }
  try {
    if (contentType.startsWith('application/x-ndjson')) return { ok: true, value: text.split('\n').filter(Boolean).map(line => JSON.parse(line) as unknown) }
    return { ok: true, value: JSON.parse(text) as unknown }
  }
  catch {
    return { ok: false }
  }
}
