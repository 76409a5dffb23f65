import type { SpanContext } from '@opentelemetry/api'

/**
 * The span of a run. Its ids follow from the run's: so all processes agree on them, also after a crash, though nothing is
 * stored. The trace has the id of the run, without its hyphens.
 */
export function runSpan(runId: string): SpanContext {
  const id = runId.replaceAll('-', '')
  return { traceId: id, spanId: id.slice(16), traceFlags: 1 }
}
