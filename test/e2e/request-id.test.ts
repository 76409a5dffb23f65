import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../shared/schemas/audit.ts'
import type { Page } from '../../shared/schemas/page.ts'
import type { CancelledRun, Run, RunDetails } from '../../shared/schemas/run.ts'
import { fromElsewhere } from '../support/addresses.ts'
import { lecture } from '../support/courses.ts'
import { expectProblem } from '../support/problems.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'

const atelier = useAtelier({ env: { MAX_CHANGES: '1' } })
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/
const named = (requestId: string) => ({ 'x-request-id': requestId })
const run = async (id: string) => (await atelier.api.call<RunDetails>('GET', `/api/runs/${id}`)).body
const auditOf = async (runId: string) =>
  (await atelier.api.call<Page<AuditEntry>>('GET', `/api/audit?runId=${runId}&pageSize=100`)).body.items
/** Lines of the log about a run. */
const linesOf = (runId: string) => atelier.server.output().split('\n')
  .filter(line => line.startsWith('{') && line.includes(runId))
  .map(line => JSON.parse(line) as { msg: string, requestId?: string })

describe('every answer has the id of its request', () => {
  it.each([
    ['GET', '/', 200], ['GET', '/no-such-page', 200], ['GET', '/_docs/swagger-ui.css', 200], ['GET', '/api/docs', 200],
    ['GET', '/health', 200], ['GET', '/api/courses', 200], ['GET', '/metrics', 200], ['GET', '/api/nonsense', 404],
    ['GET', `/api/courses/${randomUUID()}`, 404], ['GET', '/api/courses/none', 400], ['POST', '/api/courses', 415],
    ['POST', '/.well-known/workflow/v1/step', 401], ['DELETE', '/api/session', 204],
  ])('%s %s %i', async (method, path, status) => {
    const requestId = `test.${randomUUID()}`
    const answer = await atelier.api.call<object>(method, path, { headers: named(requestId) })
    expect([answer.status, answer.headers.get('x-request-id')]).toEqual([status, requestId])
    if (status >= 400) expect(expectProblem(answer, status).requestId).toBe(requestId)
    const own = await atelier.api.call(method, path)
    expect(own.headers.get('x-request-id')).toMatch(UUID)
  })

  it('also one without a good key, and a refused sign-in', async () => {
    for (const [method, path, body] of [['GET', '/api/runs'], ['POST', '/api/session', { apiKey: 'wrong' }]] as const) {
      const headers = { ...named('wrong-key'), ...fromElsewhere(), 'x-api-key': 'wrong' }
      expect(expectProblem(await atelier.api.call(method, path, { headers, body }), 401).requestId).toBe('wrong-key')
    }
  })

  it('also one that an overloaded server refuses', async () => {
    const changes = ['a', 'b', 'c', 'd'].map(id => fetch(`${atelier.server.url}/api/courses`, {
      method: 'POST', body: JSON.stringify(lecture(`Overload ${id}`)),
      headers: { 'x-api-key': atelier.apiKey, 'content-type': 'application/json', ...named(id) },
    }))
    const answers = await Promise.all(changes)
    expect(answers.map(({ status }) => status)).toContain(429)
    expect(answers.map(({ headers }) => headers.get('x-request-id'))).toEqual(['a', 'b', 'c', 'd'])
  })

  it('also a stream', async () => {
    const stop = new AbortController()
    const answer = await fetch(`${atelier.server.url}/api/events`, {
      headers: { 'x-api-key': atelier.apiKey, ...named('a-stream') }, signal: stop.signal,
    })
    expect(answer.headers.get('x-request-id')).toBe('a-stream')
    stop.abort()
  })

  it.each(['x'.repeat(129), 'a b', '=cmd()', '"><script>', 'test-owner-key-0123456789abcdef0123456789'])('but never %s', async (sent) => {
    const { headers } = await atelier.api.call('GET', '/api/courses', { headers: named(sent) })
    expect(headers.get('x-request-id')).toMatch(UUID)
  })
})

describe('what comes of a request has its id', () => {
  it('from the answer to the log, the run and the audit', async () => {
    const { body: { id, run: { id: runId } }, headers } = await atelier.api.createCourse(lecture('Followed'), named('followed-1'))
    expect(headers.get('x-request-id')).toBe('followed-1')
    await atelier.api.reached(id, 'COMPLETED')
    expect((await run(runId)).requestId).toBe('followed-1')
    const entries = await auditOf(runId)
    expect(entries.length).toBeGreaterThan(0)
    expect(new Set(entries.map(({ requestId }) => requestId))).toEqual(new Set(['followed-1']))
    const lines = linesOf(runId)
    expect(lines.map(({ msg }) => msg)).toEqual(expect.arrayContaining(['A run starts.', 'A run has ended.']))
    expect(new Set(lines.map(({ requestId }) => requestId))).toEqual(new Set(['followed-1']))
  })

  it('a retry and a rollback have those of their own requests', async () => {
    await atelier.github.fault({
      operation: 'repos/create-in-org', subject: 'retried-2026', when: 'before', action: 'status', status: 403, times: 1,
    })
    const { body: { id, run: { id: first } } } = await atelier.api.createCourse(lecture('Retried'), named('first-1'))
    await atelier.api.reached(id, 'FAILED')
    const hold = await atelier.github.fault({
      operation: 'repos/create-in-org', subject: 'retried-2026', when: 'before', action: 'delay', ms: 5_000, times: 1,
    })
    const { body: { id: second } } = await atelier.api.call<Run>('POST', `/api/runs/${first}/retry`, { headers: named('second-2') })
    const { body: cancelled } = await atelier.api.call<CancelledRun>('POST', `/api/runs/${second}/cancel`, {
      body: { rollback: true }, headers: named('third-3'),
    })
    await atelier.github.removeFault(hold)
    const third = cancelled.rolledBackBy!.id
    await until(async () => (await run(third)).finishedAt ?? undefined, { what: () => 'the rollback to end' })
    const runs = await Promise.all([first, second, third].map(run))
    expect(runs.map(({ requestId }) => requestId)).toEqual(['first-1', 'second-2', 'third-3'])
    const entries = await auditOf(third)
    expect(new Set(entries.map(({ requestId }) => requestId))).toEqual(new Set(entries.length ? ['third-3'] : []))
    expect(linesOf(first)).toContainEqual(expect.objectContaining({ msg: 'A run has failed.', requestId: 'first-1' }))
    expect(linesOf(second)).toContainEqual(expect.objectContaining({ msg: 'A run was cancelled.', requestId: 'third-3' }))
  })
})
