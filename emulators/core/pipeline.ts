import type { HttpBindings } from '@hono/node-server'
import type { Context, Hono } from 'hono'
import { setTimeout as sleep } from 'node:timers/promises'
import { applyFault, cut } from './apply-fault.ts'
import type { CallLog } from './calls.ts'
import type { Faults } from './faults.ts'
import { HttpError } from './http-error.ts'
import { json } from './response.ts'
import type { JsonObject } from './types.ts'
import { isObject } from './types.ts'

export type App = Hono<{ Bindings: HttpBindings }>

/** One API call, as its handler gets it. */
export interface Call<Identity> {
  /** Path parameters, decoded. */
  param: (name: string) => string
  query: (name: string) => string | undefined
  /** All query parameters; the first value of each name. */
  queries: Record<string, string>
  header: (name: string) => string | undefined
  /** The JSON body, an array as `items`; an empty object for a call without a body. */
  body: JsonObject
  /** The body as it came, such as an archive. */
  bytes: Buffer
  /** Size of the body in bytes. */
  bodySize: number
  method: string
  /** The requested path, still percent-encoded. */
  path: string
  operation: string
  identity: Identity
}

/** A call before authentication. */
export type EarlyCall = Omit<Call<unknown>, 'identity'>

/** One operation of an API. */
export interface Route<Identity> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Hono path below the API's prefix. */
  path: string
  /** operationId of the service's own OpenAPI description. */
  operation: string
  /** Name of the resource of the call. */
  subject?: (call: EarlyCall) => string
  handler: (call: Call<Identity>) => Response | Promise<Response>
}

/** The parts of a service that the pipeline uses. */
export interface Service<Identity> {
  calls: CallLog
  faults: Faults
  /** Milliseconds added to every API call. */
  latency: { ms: number }
  /** Calls in flight. */
  traffic: { open: number }
  authenticate: (call: EarlyCall) => Identity
  /** Counts the call against the rate limits. @returns their headers @throws HttpError when the call exceeds one */
  admit: (call: Call<Identity>) => Record<string, string>
  /** Called with the status of every answer. */
  onAnswer?: (status: number) => void
  /** The service's error for a body that is not a JSON object. */
  malformed: (reason: 'syntax' | 'shape') => HttpError
  /** The body that the service sends with the status of an injected fault. */
  faultBody: (status: number, headers: Record<string, string>) => unknown
  /** The body for a defect of the emulator itself. */
  internalErrorBody: () => unknown
}

/** Adds routes to an app. Every call passes latency, faults, authentication, rate limits and the log. */
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

async function run<Identity>(
  c: Context<{ Bindings: HttpBindings }>,
  route: Route<Identity>,
  service: Service<Identity>,
): Promise<Response> {
  const bytes = route.method === 'GET' ? Buffer.alloc(0) : Buffer.from(await c.req.arrayBuffer())
  const early: EarlyCall = {
    param: name => c.req.param(name) ?? '',
    query: name => c.req.query(name),
    queries: c.req.query(),
    header: name => c.req.header(name),
    body: {},
    bytes,
    bodySize: bytes.length,
    method: route.method,
    path: c.req.path,
    operation: route.operation,
  }
  const parsed = parse(bytes, c.req.header('content-type'))
  if (isObject(parsed.value)) early.body = parsed.value
  else if (Array.isArray(parsed.value)) early.body = { items: parsed.value }
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
    service.onAnswer?.(status)
    service.calls.add({ ...about, status, effect, fault: fault?.id ?? null })
  }

  if (fault?.when === 'before') {
    const faulty = await applyFault(c.env, fault, service)
    if (faulty !== undefined) {
      log(fault.action === 'status' ? fault.status ?? 500 : 0, false)
      return faulty
    }
  }

  const response = await answer(early, parsed, route, service)
  const effect = response.status < 400
  const sentStatus = fault?.when === 'after' && fault.action === 'status' ? fault.status ?? 500 : response.status
  // Logged before a fault holds the answer: a client that reads the log meanwhile must see what took effect.
  log(sentStatus, effect)
  if (fault?.when !== 'after') return response
  if (fault.action === 'cut') return cut(c.env, fault, response, service)
  return await applyFault(c.env, fault, service) ?? response
}

async function answer<Identity>(
  early: EarlyCall,
  parsed: Parsed,
  route: Route<Identity>,
  service: Service<Identity>,
): Promise<Response> {
  let limits: Record<string, string> = {}
  try {
    const call: Call<Identity> = { ...early, identity: service.authenticate(early) }
    limits = service.admit(call)
    if (!parsed.ok) throw service.malformed('syntax')
    if (parsed.value !== undefined && !isObject(parsed.value) && !Array.isArray(parsed.value)) throw service.malformed('shape')
    const response = await route.handler(call)
    for (const [name, value] of Object.entries(limits)) response.headers.set(name, value)
    return response
  }
  catch (error) {
    if (error instanceof HttpError) return json(error.body, error.status, { ...limits, ...error.headers })
    console.error(`emulator: ${route.operation} failed:`, error)
    return json(service.internalErrorBody(), 500, limits)
  }
}

type Parsed = { ok: true, value: unknown } | { ok: false, value?: undefined }

function parse(bytes: Buffer, contentType = ''): Parsed {
  if (bytes.length === 0 || contentType.startsWith('application/gzip')) return { ok: true, value: undefined }
  const text = bytes.toString('utf8')
  try {
    return { ok: true, value: contentType.startsWith('application/x-ndjson') ? parseLines(text) : JSON.parse(text) as unknown }
  }
  catch {
    return { ok: false }
  }
}

const parseLines = (text: string) => text.split('\n').filter(Boolean).map(line => JSON.parse(line) as unknown)
