import { afterEach, describe, expect, it, vi } from 'vitest'
import { createTracing } from '../../../../server/lib/tracing/exporter.ts'
import { runSpan } from '../../../../server/lib/tracing/run-span.ts'
import { attemptSpan, attemptSpanEnd, callSpan, callSpanEnd } from '../../../../server/lib/tracing/spans.ts'
import { isTracing, traced } from '../../../../server/lib/tracing.ts'
import { startCollector } from '../../../support/collector.ts'

const runId = '6f2a1f4e-3b0f-4d2a-9c55-1d3d6a4b7c80'

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('what a span says', () => {
  it('of a call: the method and the path, and nothing of a query', () => {
    expect(callSpan({ service: 'FIGMA', action: 'FIGMA_LIST', target: 'GET /v1/projects?token=x#part' }).attributes).toEqual({
      'atelier.service': 'FIGMA', 'atelier.action': 'FIGMA_LIST', 'http.request.method': 'GET', 'url.path': '/v1/projects',
    })
    expect(callSpanEnd(201, undefined)).toEqual({ attributes: { 'http.response.status_code': 201 }, failed: undefined })
    expect(callSpanEnd(null, new TypeError('with anything'))).toEqual({ attributes: {}, failed: 'TypeError' })
  })

  it('of an attempt: its run is the parent in every process, and one that is due later has not failed', () => {
    const run = { runId, workflow: 'provision-course', subjectType: 'course', subjectId: 'c' }
    const { parent } = attemptSpan(run, { step: 'CREATE_REPOS', item: 'group-1' }, 2)
    expect(parent).toEqual(runSpan(runId))
    expect(parent).toEqual({ traceId: '6f2a1f4e3b0f4d2a9c551d3d6a4b7c80', spanId: '9c551d3d6a4b7c80', traceFlags: 1 })
    expect(attemptSpanEnd({ value: { state: 'later' } })).toEqual({ attributes: { 'atelier.outcome': 'later' }, failed: undefined })
    expect(attemptSpanEnd({ value: { state: 'failed' } }).failed).toBe('failed')
    expect(attemptSpanEnd({ error: new RangeError('x') })).toEqual({ failed: 'RangeError' })
  })
})

it('without a collector the work is done as it is', async () => {
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', '')
  expect(isTracing()).toBe(false)
  const never = () => expect.unreachable()
  expect(await traced(never, () => Promise.resolve('done'), never)).toBe('done')
})

it('attributes are redacted, and a caller without a valid header is none', async () => {
  const secret = 'planted-owner-key-0123456789abcdef0123456789'
  vi.stubEnv('API_KEY', secret)
  const collector = await startCollector()
  try {
    const tracing = createTracing(collector.url)
    const span = tracing.start({ name: 'call', kind: 'client', id: runSpan(runId), attributes: { 'url.path': `/x/${secret}` } })
    tracing.end(span, { attributes: { said: `Bearer ${secret}` }, failed: secret })
    await tracing.flush()
    expect(collector.exports.map(({ text }) => text).join('')).not.toContain(secret)
    expect(collector.spans).toMatchObject([{
      traceId: runSpan(runId).traceId, spanId: runSpan(runId).spanId,
      attributes: { 'url.path': '/x/[redacted]', 'said': 'Bearer [redacted]', 'error.type': '[redacted]' },
    }])
    expect(tracing.callerOf({})).toBeUndefined()
    expect(tracing.callerOf({ traceparent: '00-0-0-01' })).toBeUndefined()
    expect(tracing.callerOf({ traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }))
      .toMatchObject({ spanId: 'b7ad6b7169203331' })
  }
  finally {
    await collector.close()
  }
})
