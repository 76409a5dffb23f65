import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { operations, type Operation } from '../../shared/contract.ts'
import type { Action } from '../../shared/schemas/action.ts'
import type { AuditEntry } from '../../shared/schemas/audit.ts'
import type { Page } from '../../shared/schemas/page.ts'
import type { CancelledRun, Run } from '../../shared/schemas/run.ts'
import type { ApiKey, Role } from '../../shared/schemas/session.ts'
import { fromElsewhere } from '../support/addresses.ts'
import { lecture } from '../support/courses.ts'
import { expectProblem } from '../support/problems.ts'
import { withDatabase } from '../support/sql.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'

const atelier = useAtelier()
type Headers = Record<string, string>
const actions = async (query: string) => (await atelier.api.call<Page<Action>>('GET', `/api/audit/actions?${query}`)).body
const exported = async (query: string) => atelier.api.call<string>('GET', `/api/audit/actions/export?${query}`)
const makeKey = async (role: Role, name = `A ${role}`) =>
  (await atelier.api.call<ApiKey & { apiKey: string }>('POST', '/api/keys', { body: { name, role } })).body
/** A request without any key, as a browser sends it. @returns its answer and the entries of the audit for it */
async function audited(method: string, path: string, { headers = {}, body }: { headers?: Headers, body?: unknown } = {}) {
  const requestId = randomUUID()
  const answer = await fetch(atelier.server.url + path, {
    method,
    headers: {
      'x-request-id': requestId, ...fromElsewhere(), 'origin': atelier.server.url,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  return { answer, entries: (await actions(`requestId=${requestId}`)).items }
}
const changing = Object.entries<Operation>(operations)
  .flatMap(([id, { method, path, subject, role }]) => method === 'get' ? [] : [{ id, method: method.toUpperCase(), path, subject, role }])

describe('every change of the contract is one entry', () => {
  let viewer: ApiKey & { apiKey: string } | undefined
  it.each(changing)('$id', async ({ id, method, path, subject, role }) => {
    const subjectId = randomUUID()
    const { answer, entries } = await audited(method, path.replaceAll(/\{\w+\}/g, subjectId), {
      headers: { 'x-api-key': atelier.apiKey, 'x-forwarded-for': '2001:db8::7' }, body: {},
    })
    const isStranger = role === 'anyone'
    expect(entries).toEqual([expect.objectContaining({
      action: id, subjectType: subject, subjectId: path.includes('{id}') ? subjectId : null, status: answer.status, count: 1, runIds: [],
      actor: isStranger ? 'anonymous' : 'owner', role: isStranger ? null : 'owner', sessionId: null, address: '2001:db8::7',
    })])
    expect(entries[0]!.code === null).toBe(answer.ok)
  })

  it.each(changing.filter(({ role }) => role === 'operator'))('$id, refused to a viewer', async ({ id, method, path }) => {
    const key = viewer ??= await makeKey('viewer')
    const { entries } = await audited(method, path.replaceAll(/\{\w+\}/g, () => randomUUID()), { headers: { 'x-api-key': key.apiKey } })
    expect(entries).toMatchObject([
      { action: id, actor: key.id, actorName: 'A viewer', role: 'viewer', status: 403, code: 'ROLE_TOO_SMALL' },
    ])
  })

  it('a request that only reads is none', async () => {
    expect((await audited('GET', '/api/courses', { headers: { 'x-api-key': atelier.apiKey } })).entries).toEqual([])
    expect((await audited('GET', '/api/courses')).entries).toEqual([])
  })
})

describe('who did it', () => {
  it('is a session from sign-in to sign-out, with its key and its address', async () => {
    const { id: keyId, apiKey } = await makeKey('operator', 'Ada\'s browser')
    const from = { 'x-forwarded-for': '1.2.3.4, 203.0.113.7' }
    const signIn = await audited('POST', '/api/session', { headers: from, body: { apiKey } })
    const [{ sessionId, subjectId }] = signIn.entries as [Action]
    expect(signIn.entries).toMatchObject([{
      action: 'signIn', actor: keyId, actorName: 'Ada\'s browser', role: 'operator', address: '203.0.113.7', status: 200, code: null,
    }])
    expect(sessionId).toBe(subjectId)
    const headers = { ...from, cookie: signIn.answer.headers.getSetCookie()[0]!.split(';')[0]! }
    const project = await audited('POST', '/api/projects', { headers, body: { title: 'By a browser' } })
    const { uuid: id } = await project.answer.json() as { uuid: string }
    expect(project.entries).toMatchObject([{
      action: 'createProject', actor: keyId, sessionId, address: '203.0.113.7', subjectType: 'project', subjectId: id, status: 201,
    }])
    const signOut = await audited('DELETE', '/api/session', { headers })
    expect(signOut.entries).toMatchObject([{ action: 'signOut', actor: keyId, sessionId, subjectId: sessionId, status: 204 }])
    expect((await audited('POST', '/api/projects', { headers, body: {} })).entries).toMatchObject([{ actor: 'anonymous', status: 401 }])
  })

  it('keeps its name when its key is revoked, and the key\'s own life is told', async () => {
    const { id } = await makeKey('operator', 'For a while')
    await atelier.api.call('DELETE', `/api/keys/${id}`)
    const { items } = await actions(`subjectId=${id}`)
    expect(items.map(({ action, actor, subjectType, status }) => [action, actor, subjectType, status]))
      .toEqual([['revokeKey', 'owner', 'key', 204], ['createKey', 'owner', 'key', 201]])
    expect(JSON.stringify(await actions('pageSize=100'))).not.toContain('atl_')
  })

  it('is somebody with a wrong key, also one that only reads; of many guesses most are counted', async () => {
    const from = { 'x-forwarded-for': '198.51.100.9', 'x-api-key': 'wrong' }
    const guess = await audited('GET', '/api/courses', { headers: from })
    expect(guess.entries).toMatchObject([{ actor: 'wrong-key', action: 'listCourses', status: 401, address: '198.51.100.9' }])
    for (let n = 1; n < 30; n++) await audited(n % 2 ? 'POST' : 'GET', '/api/courses', { headers: from })
    const { items } = await actions('actor=wrong-key&pageSize=100')
    expect(items.filter(({ address }) => address === '198.51.100.9')).toHaveLength(5)
  })
})

describe('one request', () => {
  it('is followed from its answer to the log, the run and both halves of the audit', async () => {
    const requestId = `followed-${randomUUID()}`
    const { body: { id, run }, headers } = await atelier.api.createCourse(lecture('Both halves'), { 'x-request-id': requestId })
    expect(headers.get('x-request-id')).toBe(requestId)
    await atelier.api.reached(id, 'COMPLETED')
    expect((await atelier.api.call<Run>('GET', `/api/runs/${run.id}`)).body.requestId).toBe(requestId)
    expect((await actions(`requestId=${requestId}`)).items).toMatchObject([
      { action: 'createCourse', subjectType: 'course', subjectId: id, runIds: [run.id], status: 202 },
    ])
    const outside = (await atelier.api.call<Page<AuditEntry>>('GET', `/api/audit?requestId=${requestId}&pageSize=100`)).body
    expect(outside.total).toBeGreaterThan(0)
    expect(new Set(outside.items.map(({ runId }) => runId))).toEqual(new Set([run.id]))
    const lines = atelier.server.output().split('\n').filter(line => line.includes(`"requestId":"${requestId}"`))
    expect(lines.join('\n')).toContain('A run has ended.')
  })

  it('that is repeated with its key led to the same run', async () => {
    const key = { 'idempotency-key': randomUUID() }
    const first = await atelier.api.createCourse(lecture('Repeated'), { ...key, 'x-request-id': `${key['idempotency-key']}.1` })
    await atelier.api.createCourse(lecture('Repeated'), { ...key, 'x-request-id': `${key['idempotency-key']}.2` })
    for (const n of [1, 2]) expect((await actions(`requestId=${key['idempotency-key']}.${n}`)).items)
      .toMatchObject([{ runIds: [first.body.run.id], subjectId: first.body.id }])
  })

  it('that led to a rollback names it', async () => {
    const hold = await atelier.github.fault({
      operation: 'repos/create-in-org', subject: 'taken-back-2026', when: 'before', action: 'delay', ms: 5_000, times: 1,
    })
    const { body: { run } } = await atelier.api.createCourse(lecture('Taken back'))
    const { body: { rolledBackBy } } = await atelier.api.call<CancelledRun>('POST', `/api/runs/${run.id}/cancel`, {
      body: { rollback: true }, headers: { 'x-request-id': 'cancel.1' },
    })
    await atelier.github.removeFault(hold)
    expect((await actions('requestId=cancel.1')).items)
      .toMatchObject([{ action: 'cancelRun', subjectType: 'run', subjectId: run.id, runIds: [rolledBackBy!.id] }])
    expect((await actions(`runId=${rolledBackBy!.id}`)).total).toBe(1)
  })
})

describe('the list and its exports', () => {
  it('are for owners', async () => {
    const { apiKey } = await makeKey('operator')
    for (const path of ['/api/audit/actions', '/api/audit/actions/export', '/api/audit/export'])
      expectProblem(await atelier.api.call('GET', path, { headers: { 'x-api-key': apiKey } }), 403, 'ROLE_TOO_SMALL')
  })

  it('have the same entries, filtered alike, and no cell that a spreadsheet executes', async () => {
    const { id, apiKey } = await makeKey('operator', '=HYPERLINK("http://evil.example","Prize")')
    await atelier.api.call('POST', '/api/projects', { body: { title: 'One' }, headers: { 'x-api-key': apiKey } })
    await atelier.api.call('POST', '/api/projects', { body: { name: 'Two' }, headers: { 'x-api-key': apiKey } })
    const { items } = await actions(`actor=${id}`)
    expect(items.map(({ status }) => status)).toEqual([400, 201])
    const lines = await exported(`actor=${id}&format=jsonl`)
    expect(lines.headers.get('content-type')).toContain('application/jsonl')
    expect(lines.body.trimEnd().split('\n').map(line => JSON.parse(line) as Action)).toEqual(items)
    const csv = await exported(`actor=${id}`)
    expect(csv.headers.get('content-disposition')).toMatch(/filename="atelier-actions-\d{4}-\d\d-\d\d\.csv"/)
    const [head, ...rows] = csv.body.trimEnd().split('\r\n')
    expect(head).toBe(Object.keys(items[0]!).toSorted((a, b) => head!.indexOf(a) - head!.indexOf(b)).join(','))
    expect(rows).toHaveLength(2)
    for (const row of rows) expect(row).toContain(`"'=HYPERLINK(""http://evil.example"",""Prize"")"`)
    expect((await exported(`actor=${id}&result=DONE&action=createProject`)).body.trimEnd().split('\r\n')).toHaveLength(2)
    expect((await exported(`actor=${id}&to=2020-01-01T00:00:00Z`)).body.trimEnd().split('\r\n')).toHaveLength(1)
  })

  it('also export the calls to outside services', async () => {
    const { body: { id } } = await atelier.api.createCourse(lecture('Exported'))
    await atelier.api.reached(id, 'COMPLETED')
    const { items } = (await atelier.api.call<Page<AuditEntry>>('GET', `/api/audit?subjectId=${id}&pageSize=100`)).body
    const { body } = await atelier.api.call<string>('GET', `/api/audit/export?subjectId=${id}&format=jsonl`)
    expect(body.trimEnd().split('\n').map(line => JSON.parse(line) as AuditEntry)).toEqual(items)
  })

  it.each(['subjectType=moon', 'from=yesterday', 'runId=1', 'colour=red'])('refuse %s', async (query) => {
    for (const path of ['actions', 'actions/export'])
      expectProblem(await atelier.api.call('GET', `/api/audit/${path}?${query}`), 400, 'VALIDATION_FAILED')
  })
})

describe('an entry that cannot be written', () => {
  it('changes nothing of the change, and is written once, later', async () => {
    const sql = (sentence: string) => withDatabase(atelier.databaseUrl, sql => sql.unsafe(sentence))
    await sql('alter table action_log rename to action_log_away')
    const project = await atelier.api.call<{ uuid: string }>('POST', '/api/projects', { body: { title: 'Unaudited' } })
    expect(project.status).toBe(201)
    await sql('alter table action_log_away rename to action_log')
    const entries = await until(async () => {
      const { items } = await actions(`subjectId=${project.body.uuid}`)
      return items.length ? items : undefined
    }, { what: () => 'the entry to be written' })
    expect(entries).toMatchObject([{ action: 'createProject', status: 201, count: 1 }])
    expect(await atelier.api.call('GET', `/api/projects/${project.body.uuid}`)).toMatchObject({ status: 200 })
  })
})

describe('a process that ends', () => {
  it('writes what it has only counted', async () => {
    await atelier.server.stop()
    const rows = await withDatabase(atelier.databaseUrl, sql => sql<{ counted: number }[]>`
      select sum(count)::int as counted from action_log where address = '198.51.100.9'`)
    expect(rows[0]!.counted).toBe(30)
    await atelier.server.start()
  })
})
