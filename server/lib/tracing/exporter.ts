import {
  type Attributes, defaultTextMapGetter, type Link, ROOT_CONTEXT, type Span, type SpanContext, SpanKind, SpanStatusCode, trace,
} from '@opentelemetry/api'
import { setGlobalErrorHandler, W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, RandomIdGenerator, TracerProvider } from '@opentelemetry/sdk-trace'
import { ATTR_ERROR_TYPE, ATTR_SERVICE_INSTANCE_ID, ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions'
import { serviceName } from '../env'
import { log } from '../log'
import { thisProcess } from '../process'
import { redact } from '../redact'
import type { SpanEnd, SpanStart, TraceHeaders } from './types'

/** Only `tracing.ts` loads this file, and the SDK with it, where spans are exported. */

const KINDS: Record<SpanStart['kind'], SpanKind> = {
  server: SpanKind.SERVER, client: SpanKind.CLIENT, producer: SpanKind.PRODUCER, internal: SpanKind.INTERNAL,
}

/** Spans leave after a second: a process that is killed loses no more. */
const EXPORT_DELAY_MS = 1_000
const EXPORT_TIMEOUT_MS = 5_000
/** What a collector that is away costs at most; further spans are dropped. */
const MAX_QUEUED_SPANS = 2_048
const WARN_EVERY_MS = 60_000

export type Tracing = ReturnType<typeof createTracing>

/** Prepares the export to the collector at `endpoint`, by OTLP over HTTP. */
export function createTracing(endpoint: string) {
  setGlobalErrorHandler(warnNowAndThen())
  const ids = createIdGenerator()
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: EXPORT_TIMEOUT_MS })
  const provider = new TracerProvider({
    idGenerator: ids,
    resource: resourceFromAttributes({ [ATTR_SERVICE_NAME]: serviceName(), [ATTR_SERVICE_INSTANCE_ID]: thisProcess().id }),
    spanProcessors: [new BatchSpanProcessor({
      exporter, scheduledDelayMillis: EXPORT_DELAY_MS, exportTimeoutMillis: EXPORT_TIMEOUT_MS, maxQueueSize: MAX_QUEUED_SPANS,
    })],
  })
  const tracer = provider.getTracer('atelier')
  const propagator = new W3CTraceContextPropagator()

  return {
    start({ name, kind, attributes, parent, links = [], id, startTime }: SpanStart): Span {
      const context = parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT
      const options = { kind: KINDS[kind], attributes: redacted(attributes), links: links.map((context): Link => ({ context })), startTime }
      return ids.fixed(id, () => tracer.startSpan(name, options, context))
    },
    end(span: Span, { attributes = {}, failed }: SpanEnd): void {
      span.setAttributes(redacted(attributes))
      if (failed !== undefined) {
        const type = redact(failed)
        span.setStatus({ code: SpanStatusCode.ERROR, message: type }).setAttribute(ATTR_ERROR_TYPE, type)
      }
      span.end()
    },
    /** The span of the caller, where the headers of a request name one. */
    callerOf: (headers: TraceHeaders): SpanContext | undefined =>
      trace.getSpanContext(propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter)),
    flush: () => provider.forceFlush(),
  }
}

/** Random ids, but for a span whose ids are fixed. */
function createIdGenerator() {
  const random = new RandomIdGenerator()
  let fixed: SpanContext | undefined
  return {
    generateTraceId: () => fixed?.traceId ?? random.generateTraceId(),
    generateSpanId: () => fixed?.spanId ?? random.generateSpanId(),
    /** Starts a span with these ids. */
    fixed(id: SpanContext | undefined, start: () => Span): Span {
      fixed = id
      try {
        return start()
      }
      finally {
        fixed = undefined
      }
    },
  }
}

const redacted = (attributes: Attributes): Attributes => Object.fromEntries(Object.entries(attributes)
  .map(([name, value]) => [name, typeof value === 'string' ? redact(value) : value]))

/** A collector that is away fails every export: one line a minute tells of it. */
function warnNowAndThen() {
  let warnedAt = -Infinity
  return (error: unknown) => {
    if (performance.now() - warnedAt < WARN_EVERY_MS) return
    warnedAt = performance.now()
    log.warn({ error }, 'Spans could not be exported. Check OTEL_EXPORTER_OTLP_ENDPOINT and the collector. The work goes on.')
  }
}
