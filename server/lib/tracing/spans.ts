import { runSpan } from './run-span'
import type { SpanEnd, SpanStart } from './types'

/**
 * What spans say, by the names of https://opentelemetry.io/docs/specs/semconv/ where there are such. A name has few
 * values; ids are attributes.
 */

/** A call to an outside service: its method and path, without what a query may carry. */
export function callSpan({ service, action, target }: { service: string, action: string, target: string }): SpanStart {
  const [method = '', path = ''] = target.split(' ', 2)
  return {
    name: action,
    kind: 'client',
    attributes: {
      'atelier.service': service, 'atelier.action': action, 'http.request.method': method, 'url.path': path.split(/[?#]/, 1)[0],
    },
  }
}

/** @param status of the answer; null when there was none */
export function callSpanEnd(status: number | null, error: unknown): SpanEnd {
  const attributes = status === null ? {} : { 'http.response.status_code': status }
  return { attributes, failed: error === undefined ? undefined : String(status ?? nameOf(error)) }
}

/** An attempt at an item of a step. It belongs to its run, whatever process makes it. */
export function attemptSpan(
  { runId, workflow, subjectType, subjectId }: Record<'runId' | 'workflow' | 'subjectType' | 'subjectId', string>,
  { step, item }: { step: string, item: string },
  attempt: number,
): SpanStart {
  return {
    name: `step ${step}`,
    kind: 'internal',
    parent: runSpan(runId),
    attributes: {
      'atelier.run.id': runId, 'atelier.workflow': workflow, 'atelier.subject.type': subjectType, 'atelier.subject.id': subjectId,
      'atelier.step': step, 'atelier.item': item, 'atelier.attempt': attempt,
    },
  }
}

/** The outcome of an attempt: an item that is due later has not failed. */
export function attemptSpanEnd({ value, error }: { value?: { state: string }, error?: unknown }): SpanEnd {
  if (!value) return { failed: nameOf(error) }
  return { attributes: { 'atelier.outcome': value.state }, failed: value.state === 'failed' ? 'failed' : undefined }
}

/** The code of an error, or its kind: its text may hold anything. */
function nameOf(error: unknown): string {
  const { code, name } = Object(error) as { code?: unknown, name?: unknown }
  return String(code ?? name ?? 'error')
}
