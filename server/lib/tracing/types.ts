import type { Attributes, SpanContext } from '@opentelemetry/api'

/** A span that starts. Its attributes are redacted. */
export interface SpanStart {
  name: string
  kind: 'server' | 'client' | 'producer' | 'internal'
  attributes: Attributes
  parent?: SpanContext
  links?: SpanContext[]
  /** Its ids, where they follow from something else. */
  id?: SpanContext
  startTime?: number
}

/** What the end of a span says; `failed`: why the work failed, as a code. */
export interface SpanEnd { attributes?: Attributes, failed?: string }

/** Headers of https://www.w3.org/TR/trace-context/. */
export interface TraceHeaders { traceparent?: string, tracestate?: string }
