import { AsyncLocalStorage } from 'node:async_hooks'
import type { Span } from '@opentelemetry/api'
import { tracesEndpoint } from './env'
import { log } from './log'
import type { Tracing } from './tracing/exporter'
import { runSpan } from './tracing/run-span'
import type { SpanEnd, SpanStart, TraceHeaders } from './tracing/types'
import { whereAnswersFreeze } from './wait-until'

/**
 * Spans around requests, runs, attempts at steps and outside calls. Nothing of OpenTelemetry is loaded, and nothing is
 * recorded, unless `OTEL_EXPORTER_OTLP_ENDPOINT` is set. The provider is not registered globally: the runtime would
 * export spans of its own, with error texts that nobody has redacted.
 */

// In development steps are bundled apart from the server: the process, not the module, has the exporter.
const shared = globalThis as typeof globalThis & { __atelierTracing?: Promise<Tracing | undefined> }

const active = new AsyncLocalStorage<Span>()

/** Whether spans are exported. */
export const isTracing = (): boolean => tracesEndpoint() !== undefined

/** Loads the exporter at its first use: a function on Vercel has no other start. Undefined where spans are not exported. */
function tracing(): Promise<Tracing | undefined> | undefined {
  const endpoint = tracesEndpoint()
  if (endpoint === undefined) return undefined
  return shared.__atelierTracing ??= import('./tracing/exporter').then(({ createTracing }) => createTracing(endpoint))
    .catch((error: unknown) => {
      log.warn({ error }, 'The exporter of spans could not be loaded. No spans are exported.')
      return undefined
    })
}

/**
 * Does the work within a span, which becomes the parent of spans that start within.
 * @param end reads the end of the span from the result of the work, or from its error
 */
export async function traced<T>(
  start: () => SpanStart, work: () => Promise<T>, end: (outcome: { value?: T, error?: unknown }) => SpanEnd,
): Promise<T> {
  const loading = tracing()
  const tracer = loading && await loading
  if (!tracer) return work()
  const span = tracer.start({ parent: active.getStore()?.spanContext(), ...start() })
  try {
    const value = await active.run(span, work)
    tracer.end(span, end({ value }))
    return value
  }
  catch (error) {
    tracer.end(span, end({ error }))
    throw error
  }
  finally {
    if (!active.getStore()) whereAnswersFreeze(flushSpans)
  }
}

/**
 * Handles a request within a span, as a part of the caller's trace where its headers name one.
 * @param untilClosed calls back when the request is over, and returns its end
 */
export async function traceRequest<T>(
  start: SpanStart, headers: TraceHeaders, untilClosed: (end: (ended: SpanEnd) => void) => void, handle: () => Promise<T>,
): Promise<T> {
  const tracer = await tracing()
  if (!tracer) return handle()
  const span = tracer.start({ ...start, parent: tracer.callerOf(headers) })
  const over = Promise.withResolvers<unknown>()
  untilClosed((ended) => {
    tracer.end(span, ended)
    over.resolve(undefined)
  })
  whereAnswersFreeze(() => over.promise.then(flushSpans))
  return active.run(span, handle)
}

/** Names the span of the current request after its operation. */
export function nameRequest(method: string, route: string): void {
  active.getStore()?.updateName(`${method.toUpperCase()} ${route}`).setAttribute('http.route', route)
}

/** Links the run that a request has recorded with that request, in both directions. */
export function traceRunStart(runId: string, workflow: string): void {
  const request = active.getStore()
  if (!request) return
  request.addLink({ context: runSpan(runId) })
  void traced(
    () => ({
      name: `start ${workflow}`, kind: 'producer', parent: runSpan(runId), links: [request.spanContext()],
      attributes: { 'atelier.run.id': runId, 'atelier.workflow': workflow },
    }),
    () => Promise.resolve(),
    () => ({}),
  )
}

/** A run that has ended, with the seconds since it was requested. */
export interface EndedRunSpan {
  workflow: string
  status: string
  subjectType: string
  subjectId: string
  code?: string | null
  totalSeconds: number
}

/** Writes the span of a run, once it has ended. */
export function traceRunEnd(runId: string, { workflow, status, subjectType, subjectId, code, totalSeconds }: EndedRunSpan): void {
  const startTime = Date.now() - totalSeconds * 1000
  void traced(
    () => ({
      name: `run ${workflow}`, kind: 'internal', parent: undefined, id: runSpan(runId), startTime,
      attributes: {
        'atelier.run.id': runId, 'atelier.workflow': workflow, 'atelier.run.status': status,
        'atelier.subject.type': subjectType, 'atelier.subject.id': subjectId,
      },
    }),
    () => Promise.resolve(),
    () => ({ failed: status === 'failed' ? code ?? 'failed' : undefined }),
  )
}

const FLUSH_MS = 2_000

/** Exports what is recorded, for two seconds at most: a collector that does not answer holds up nothing. */
export async function flushSpans(): Promise<void> {
  const exporting = shared.__atelierTracing?.then(tracer => tracer?.flush()).catch(() => {
    // The exporter has reported it.
  })
  await Promise.race([exporting, new Promise(resolve => setTimeout(resolve, FLUSH_MS).unref())])
}
