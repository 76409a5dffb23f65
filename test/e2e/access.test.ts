import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { operations, type Operation } from '../../shared/contract.ts'
import type { ApiKey, Role } from '../../shared/schemas/session.ts'
import { fromElsewhere } from '../support/addresses.ts'
import { expectProblem } from '../support/problems.ts'
import { useSharedAtelier } from '../support/shared-atelier.ts'
import { withDatabase } from '../support/sql.ts'

const atelier = useSharedAtelier()
type Created = ApiKey & { apiKey: string }
const ranks: Role[] = ['viewer', 'operator', 'owner']
const all = Object.entries<Operation>(operations)
  .map(([id, operation]) => ({ id, ...operation, url: operation.path.replaceAll(/\{\w+\}/g, () => randomUUID()) }))

const makeKey = async (role: Role, more: object = {}) =>
  (await atelier.api.call<Created>('POST', '/api/keys', { body: { name: `A ${role}`, role, ...more } })).body
const as = (key: string, method: string, path: string, body?: unknown) =>
  atelier.api.call(method, path, { body, headers: { 'x-api-key': key, ...fromElsewhere() } })
/** Without any key, as a page of the dashboard is. */
async function browser(method: string, path: string, { body, cookie }: { body?: unknown, cookie?: string } = {}) {
  const response = await fetch(atelier.server.url + path, {
    method,
    headers: {
      origin: atelier.server.url,
      ...fromElsewhere(),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(cookie && { cookie }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    redirect: 'manual',
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: text.startsWith('{') ? JSON.parse(text) as Record<string, unknown> : text,
    cookie: response.headers.getSetCookie().at(-1)?.split(';')[0],
  }
}

describe('without a good key', () => {
  it.each(all.filter(({ role }) => role !== 'anyone'))('$method $path is closed', async ({ method, url }) => {
    const none = await browser(method.toUpperCase(), url)
    expectProblem(none, 401, 'NOT_SIGNED_IN')
    for (const key of ['', 'wrong', `${atelier.apiKey}x`, atelier.apiKey.toUpperCase(), '00'.repeat(5_000)])
      expectProblem(await as(key, method.toUpperCase(), url), 401, 'NOT_SIGNED_IN')
    expectProblem(await browser(method.toUpperCase(), url, { cookie: 'atelier-session=forged' }), 401)
  })

  it('only these routes are open', () => {
    expect(all.filter(({ role }) => role === 'anyone').map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      'delete /api/session', 'get /api/discord/installed', 'get /api/docs', 'get /api/openapi.json', 'get /health',
      // These ask for a secret of their own: test/e2e/prune.slow.test.ts.
      'get /scheduled/reconcile', 'get /scheduled/{workflow}', 'post /api/session'])
  })

  it('a key in the query or in a cookie is none', async () => {
    expectProblem(await browser('GET', `/api/courses?x-api-key=${atelier.apiKey}`), 401)
    expectProblem(await browser('GET', '/api/courses', { cookie: `x-api-key=${atelier.apiKey}` }), 401)
  })
})

describe('roles', () => {
  it.each(ranks)('a %s may what its role may, and no more', async (role) => {
    const { apiKey } = await makeKey(role)
    for (const { method, url, role: least, id } of all.filter(({ role, id }) => role !== 'anyone' && !id.startsWith('stream'))) {
      const answer = await as(apiKey, method.toUpperCase(), url)
      if (ranks.indexOf(role) < ranks.indexOf(least as Role))
        expect(expectProblem(answer, 403, 'ROLE_TOO_SMALL').detail, id).toContain(least)
      else expect([401, 403], id).not.toContain(answer.status)
    }
  })
})

describe('keys', () => {
  it('are shown once, kept hashed, and listed without themselves', async () => {
    const { apiKey, id } = await makeKey('viewer', { name: 'Ada\'s' })
    const { body: { items } } = await atelier.api.call<{ items: ApiKey[] }>('GET', '/api/keys')
    expect(items.find(key => key.id === id)).toMatchObject({ name: 'Ada\'s', role: 'viewer', expiresAt: null, lastUsedAt: null })
    expect(JSON.stringify(items)).not.toContain(apiKey)
    await as(apiKey, 'GET', '/api/courses')
    const again = await atelier.api.call<{ items: ApiKey[] }>('GET', '/api/keys')
    expect(again.body.items.find(key => key.id === id)!.lastUsedAt).not.toBeNull()
  })

  it('that were revoked or have expired are good for nothing, and neither are their sessions', async () => {
    const revoked = await makeKey('operator')
    const expiring = await makeKey('operator', { expiresAt: new Date(Date.now() + 3_600_000).toISOString() })
    const cookies = await Promise.all([revoked, expiring].map(async ({ apiKey }) =>
      (await browser('POST', '/api/session', { body: { apiKey } })).cookie))
    for (const cookie of cookies) expect((await browser('GET', '/api/courses', { cookie })).status).toBe(200)
    expect((await atelier.api.call('DELETE', `/api/keys/${revoked.id}`)).status).toBe(204)
    expectProblem(await atelier.api.call('DELETE', `/api/keys/${revoked.id}`), 404, 'NOT_FOUND')
    await withDatabase(atelier.databaseUrl, sql => sql`
      update api_keys set expires_at = now() - interval '1 second' where id = ${expiring.id}`)
    for (const { apiKey } of [revoked, expiring]) {
      expectProblem(await as(apiKey, 'GET', '/api/courses'), 401)
      expectProblem(await browser('POST', '/api/session', { body: { apiKey } }), 401, 'SIGN_IN_REFUSED')
    }
    for (const cookie of cookies) expectProblem(await browser('GET', '/api/courses', { cookie }), 401)
  })

  it.each([
    [{ name: '', role: 'viewer' }, 'name'],
    [{ name: 'x\u0000', role: 'viewer' }, 'name'],
    [{ name: 'x', role: 'god' }, 'role'],
    [{ name: 'x', role: 'viewer', expiresAt: 'tomorrow' }, 'expiresAt'],
    [{ name: 'x', role: 'viewer', expiresAt: '2000-01-01T00:00:00Z' }, 'expiresAt'],
    [{ name: 'x', role: 'viewer', hash: 'x' }, 'hash'],
  ])('are not made of %j', async (body, field) => {
    expect(expectProblem(await atelier.api.call('POST', '/api/keys', { body }), 400).errors!.map(error => error.field)).toEqual([field])
  })
})

describe('sessions', () => {
  it('begin with a key, are for the browser alone, and end', async () => {
    const signedIn = await browser('POST', '/api/session', { body: { apiKey: atelier.apiKey } })
    expect([signedIn.status, signedIn.body]).toEqual([200, { name: 'Owner', role: 'owner', isBound: false }])
    expect(signedIn.headers.getSetCookie().at(-1)).toMatch(/^atelier-session=.*HttpOnly; SameSite=Lax/)
    expect(signedIn.cookie).not.toContain(atelier.apiKey)
    const { cookie } = signedIn
    expect((await browser('GET', '/api/session', { cookie })).body).toEqual({ name: 'Owner', role: 'owner', isBound: false })
    expectProblem(await browser('GET', '/api/courses', { cookie: `${cookie!.slice(0, -4)}AAAA` }), 401)
    const signedOut = await browser('DELETE', '/api/session', { cookie })
    expect(signedOut.status).toBe(204)
    expectProblem(await browser('GET', '/api/courses', { cookie: signedOut.cookie }), 401)
  })

  it.each([{}, { apiKey: '' }, { apiKey: 'a', code: 'b' }, { code: 7 }, { apiKey: ['a'] }])('do not begin with %j', async (body) => {
    expectProblem(await browser('POST', '/api/session', { body }), 400, 'VALIDATION_FAILED')
  })

  it('begin once with a link, and not after ten minutes', async () => {
    const link = async () => new URL((await atelier.api.call<{ url: string }>('POST', '/api/sessions/links')).body.url)
    const url = await link()
    expect(url.search, 'what stands behind # reaches no log').toBe('')
    const code = new URLSearchParams(url.hash.slice(1)).get('code')
    const answers = await Promise.all(Array.from({ length: 5 }, () => browser('POST', '/api/session', { body: { code } })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401])
    expect((await browser('GET', '/api/courses', { cookie: answers.find(({ status }) => status === 200)!.cookie })).status).toBe(200)
    const late = new URLSearchParams((await link()).hash.slice(1)).get('code')
    await withDatabase(atelier.databaseUrl, sql => sql`update sign_in_codes set expires_at = now() where used_at is null`)
    expectProblem(await browser('POST', '/api/session', { body: { code: late } }), 401, 'SIGN_IN_REFUSED')
  })
})

it.each([
  '/', '/courses/x', '/api/docs', '/api/courses', '/_docs/swagger-ui.css',
])('%s cannot be framed or taken for another type by another site', async (path) => {
  expect(Object.fromEntries((await browser('GET', path)).headers)).toMatchObject({
    'content-security-policy': expect.stringContaining('frame-ancestors \'none\''),
    'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin',
  })
})

it.each(['evil.example:99999', '[::1', 'a b'])('a Host of "%s", which links cannot begin with, is refused by name', async (host) => {
  const answer = await new Promise<{ status: number, headers: Headers, body: unknown }>((resolve, reject) => {
    request(`${atelier.server.url}/api/sessions/links`, {
      method: 'POST', headers: { host, 'x-api-key': atelier.apiKey },
    }, async (response) => {
      const body = JSON.parse(Buffer.concat(await Array.fromAsync(response)).toString()) as unknown
      resolve({ status: response.statusCode!, headers: new Headers(response.headers as Record<string, string>), body })
    }).on('error', reject).end()
  })
  expectProblem(answer, 400, 'BAD_HOST')
})

describe('the runtime\'s own routes', () => {
  /** The path as it is, which fetch would tidy. */
  const raw = (path: string, headers: Record<string, string> = {}) => new Promise<string>((resolve, reject) => {
    request({ ...urlParts(), path, method: 'POST', headers: { 'content-type': 'application/json', ...headers } }, (response) => {
      // The page of the dashboard is what any path gets that is nothing else.
      const isPage = /html/.test(response.headers['content-type'] ?? '')
      response.resume().on('end', () => resolve(isPage ? 'the dashboard' : String(response.statusCode)))
    }).on('error', reject).end('{}')
  })
  const urlParts = () => ({ host: '127.0.0.1', port: new URL(atelier.server.url).port })
  const spellings = [
    '/.well-known/workflow/v1/flow', '/.well-known/workflow/v1/step', '/.well-known/workflow/v1/webhook/x',
    '/.well-known/workflow/v1/flow?x=1', '/.well-known/workflow/v1/flow/',
    '//.well-known/workflow/v1/flow', '/.well-known//workflow/v1/flow', '/./.well-known/workflow/v1/flow',
    '/x/../.well-known/workflow/v1/flow', '/%2ewell-known/workflow/v1/flow', '/.well-known%2fworkflow/v1/flow',
    '/%2Ewell-known/%77orkflow/v1/step', '/%252ewell-known/workflow/v1/flow', '/.WELL-KNOWN/workflow/v1/flow',
    '/.well-known/workflow/v1/%66low', '/.well-known\\workflow\\v1\\flow', '/.well-known/workflow;x/v1/flow',
  ]
  it('are closed as they are spelled', async () => {
    for (const path of spellings.slice(0, 5)) expect(await raw(path), path).toBe('401')
  })

  it.each(spellings)('%s does nothing', async (path) => {
    for (const headers of [{}, { 'x-api-key': atelier.apiKey }, { 'x-atelier-process': '' }, { 'x-atelier-process': '00'.repeat(32) }])
      expect(['401', '404', 'the dashboard']).toContain(await raw(path, headers as Record<string, string>))
    expect(['401', '404', 'the dashboard']).toContain(await raw(`http://127.0.0.1:${urlParts().port}${path}`))
  })
})
