import { describe, expect, it } from 'vitest'
import type { ApiKey, BrowserSession } from '../../shared/schemas/session.ts'
import { fromElsewhere } from '../support/addresses.ts'
import { expectProblem } from '../support/problems.ts'
import { useSharedAtelier } from '../support/shared-atelier.ts'
import { withDatabase } from '../support/sql.ts'

const atelier = useSharedAtelier()
type Headers = Record<string, string>
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0'

/** A request as it is given, with nothing added. */
async function send(method: string, path: string, headers: Headers = {}, body?: unknown) {
  const response = await fetch(atelier.server.url + path, {
    method,
    headers: { ...fromElsewhere(), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text.startsWith('{') ? JSON.parse(text) as unknown : text }
}
const signIn = async (apiKey: string, headers: Headers = {}) => {
  const answer = await send('POST', '/api/session', headers, { apiKey })
  return answer.headers.getSetCookie().at(-1)!
}
/** A key of its own with a browser that is signed in with it. */
async function newBrowser(headers: Headers = {}) {
  const key = { name: 'Browser', role: 'operator' }
  const { body: { id, apiKey } } = await atelier.api.call<ApiKey & { apiKey: string }>('POST', '/api/keys', { body: key })
  const cookie = (await signIn(apiKey, headers)).split(';')[0]!
  return { id, apiKey, cookie, token: cookie.split('=')[1]! }
}
const own = () => ({ origin: atelier.server.url })
const listOf = async (headers: Headers) => (await send('GET', '/api/sessions', headers)).body as { items: BrowserSession[] }
const sql = <T>(run: Parameters<typeof withDatabase<T>>[1]) => withDatabase(atelier.databaseUrl, run)

describe('a session', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/api/courses'],
    ['GET', '/api/session'],
    ['DELETE', '/api/session'],
    ['GET', '/health'],
    ['GET', '/api/docs'],
  ])('is given to nobody by %s %s', async (method, path) => {
    for (const headers of [{}, { cookie: 'atelier-session=x; __Host-atelier-session=x' }] as Headers[])
      expect((await send(method, path, { ...own(), ...headers })).headers.getSetCookie().filter(cookie => !/=;/.test(cookie))).toEqual([])
    expect((await send('POST', '/api/session', own(), { apiKey: 'wrong' })).headers.getSetCookie()).toEqual([])
  })

  it('is a random id, kept as a hash alone', async () => {
    const [one, two] = [await newBrowser(), await newBrowser()]
    expect(one.token).toMatch(/^[\w-]{43}$/)
    expect(two.token).not.toBe(one.token)
    const rows = JSON.stringify(await sql(sql => sql`select * from sessions`))
    expect(rows).not.toContain(one.token)
    expect((await send('GET', '/api/courses', { cookie: `atelier-session=${JSON.parse(rows)[0].hash}` })).status).toBe(401)
  })

  it('has a cookie that only https hears and only this host can set, behind https', async () => {
    const secure = await signIn(atelier.apiKey, { 'x-forwarded-proto': 'https' })
    expect(secure).toMatch(/^__Host-atelier-session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    expect(await signIn(atelier.apiKey)).toMatch(/^atelier-session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/)
    const [cookie] = secure.split(';') as [string]
    expect((await send('GET', '/api/session', { cookie, 'x-forwarded-proto': 'https' })).status).toBe(200)
    // Plain http could have been given the cookie by anybody.
    expect((await send('GET', '/api/session', { cookie })).status).toBe(401)
  })

  it('ends by sign-out, on the server, too', async () => {
    const { cookie } = await newBrowser()
    const answer = await send('DELETE', '/api/session', { cookie, ...own() })
    expect(answer.status).toBe(204)
    expect(answer.headers.getSetCookie()[0]).toMatch(/^atelier-session=; Max-Age=0/)
    expect((await send('GET', '/api/courses', { cookie })).status).toBe(401)
  })

  it('ends with its key', async () => {
    const { id, cookie } = await newBrowser()
    expect((await send('GET', '/api/courses', { cookie })).status).toBe(200)
    await atelier.api.call('DELETE', `/api/keys/${id}`)
    expect((await send('GET', '/api/courses', { cookie })).status).toBe(401)
    expect(await sql(sql => sql`select 1 from sessions where key_id = ${id}`)).toHaveLength(0)
  })

  it.each([
    ['12 hours without use', 'last_seen_at', '12 hours 1 second'],
    ['7 days', 'expires_at', '1 second'],
  ])('ends after %s', async (_, column, ago) => {
    const { id, cookie } = await newBrowser()
    const move = (column: string, ago: string) =>
      sql(sql => sql`update sessions set ${sql(column)} = now() - ${ago}::interval where key_id = ${id}`)
    await move('last_seen_at', '11 hours 59 minutes')
    expect((await send('GET', '/api/courses', { cookie })).status).toBe(200)
    const [seen] = await sql(sql => sql`
      select last_seen_at > now() - interval '5 seconds' as now, expires_at - created_at = interval '7 days' as week
      from sessions where key_id = ${id}`)
    expect(seen).toEqual({ now: true, week: true })
    await move(column, ago)
    expect((await send('GET', '/api/courses', { cookie })).status).toBe(401)
  })

  it('is replaced when the browser signs in again', async () => {
    const { apiKey, cookie } = await newBrowser()
    await signIn(apiKey, { cookie, ...own() })
    expect((await send('GET', '/api/courses', { cookie })).status).toBe(401)
  })

  it('has the role that its key has now', async () => {
    const { id, cookie } = await newBrowser()
    await sql(sql => sql`update api_keys set role = 'viewer' where id = ${id}`)
    expect((await send('GET', '/api/session', { cookie })).body).toEqual({ name: 'Browser', role: 'viewer', isBound: false })
  })
})

describe('the list of sessions', () => {
  it('has those of the same key, and each can be ended', async () => {
    const { apiKey, cookie } = await newBrowser({ 'user-agent': FIREFOX })
    const other = (await signIn(apiKey, { 'user-agent': 'curl/8.5.0' })).split(';')[0]!
    const stranger = await newBrowser()
    const { items } = await listOf({ cookie })
    expect(items.map(({ browser, isCurrent }) => [browser, isCurrent]).sort()).toEqual([['Firefox on Linux', true], ['curl', false]])
    expect((await listOf({ 'x-api-key': apiKey })).items.map(({ isCurrent }) => isCurrent)).toEqual([false, false])
    const halfADay = items.map(({ lastSeenAt, expiresAt }) => Date.parse(expiresAt) - Date.parse(lastSeenAt))
    expect(halfADay).toEqual([43_200_000, 43_200_000])

    const { id } = items.find(({ isCurrent }) => !isCurrent)!
    expectProblem(await send('DELETE', `/api/sessions/${id}`, { cookie: stranger.cookie, ...own() }), 404, 'NOT_FOUND')
    expect((await send('GET', '/api/courses', { cookie: other })).status).toBe(200)
    expect((await send('DELETE', `/api/sessions/${id}`, { cookie, ...own() })).status).toBe(204)
    expect((await send('GET', '/api/courses', { cookie: other })).status).toBe(401)
    expect((await listOf({ cookie })).items).toHaveLength(1)
  })
})

describe('a change by cookie', () => {
  const foreign: [string, () => Headers][] = [
    ['another site', () => ({ origin: 'https://evil.example' })],
    ['another port', () => ({ origin: atelier.server.url.replace(/\d+$/, '1') })],
    ['another port, by a browser that says so', () => ({
      'origin': atelier.server.url.replace(/\d+$/, '1'),
      'sec-fetch-site': 'same-site',
    })],
    ['a browser that says only that it is another', () => ({ 'sec-fetch-site': 'cross-site' })],
    ['another subdomain', () => ({ ...own(), 'sec-fetch-site': 'same-site' })],
    ['a sandboxed frame', () => ({ origin: 'null' })],
    ['the same host by https', () => ({ origin: atelier.server.url.replace('http:', 'https:') })],
    ['nobody knows where', () => ({})],
  ]
  it.each(foreign)('from %s is refused and changes nothing', async (_, headers) => {
    const { cookie } = await newBrowser()
    for (const [method, path, body] of [
      ['POST', '/api/projects', { title: 'Forged' }],
      ['DELETE', '/api/session'],
      ['POST', '/api/session', { apiKey: atelier.apiKey }],
    ] as const)
      expectProblem(await send(method, path, { cookie, ...headers() }, body), 403, 'CROSS_ORIGIN')
    expect((await send('GET', '/api/projects?search=Forged', { cookie })).body).toMatchObject({ items: [] })
    expect((await send('GET', '/api/session', { cookie })).status).toBe(200)
  })

  const ownPages: [string, () => Headers][] = [
    ['an own page', () => ({ ...own(), 'sec-fetch-site': 'same-origin' })],
    ['an own page in an old browser', own],
    ['an own page behind a proxy with https', () => ({
      'x-forwarded-proto': 'https',
      'origin': atelier.server.url.replace('http:', 'https:'),
    })],
  ]
  it.each(ownPages)('from %s is done', async (_, headers) => {
    const { token } = await newBrowser()
    const cookie = `atelier-session=${token}; __Host-atelier-session=${token}`
    const answer = await send('POST', '/api/projects', { cookie, ...headers() }, { title: 'Own' })
    expect(answer.status).toBe(201)
  })

  it('needs no origin with a key', async () => {
    expect((await send('POST',
      '/api/projects', { 'x-api-key': atelier.apiKey, 'origin': 'https://tool.example' }, { title: 'By a program' })).status).toBe(201)
  })
})

describe('five wrong keys a minute', () => {
  const byHeader = (key: string, from: Headers) => send('GET', '/api/courses', { 'x-api-key': key, ...from })
  const bySignIn = (apiKey: string, from: Headers) => send('POST', '/api/session', from, { apiKey })

  it('from one address wait, also for the right key, by header and by sign-in alike', async () => {
    const from = fromElsewhere()
    for (const [n, attempt] of [byHeader, bySignIn, byHeader, bySignIn, byHeader].entries())
      expect((await attempt(`guess ${n}`, from)).status).toBe(401)
    for (const attempt of [byHeader, bySignIn]) {
      for (const key of ['guess', atelier.apiKey]) {
        const answer = await attempt(key, from)
        expectProblem(answer, 429, 'TOO_MANY_WRONG_KEYS')
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(30)
      }
    }
    expect((await byHeader(atelier.apiKey, fromElsewhere())).status).toBe(200)
  })

  it('also when they come at once', async () => {
    const from = fromElsewhere()
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => byHeader(`guess ${n}`, from)))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5)
  })

  it('keep nobody out who has a session or a key that was made here', async () => {
    const { apiKey, cookie } = await newBrowser()
    const from = fromElsewhere()
    for (let n = 0; n < 6; n++) await byHeader('guess', from)
    expect((await byHeader(apiKey, from)).status).toBe(200)
    expect((await send('GET', '/api/courses', { cookie, ...from })).status).toBe(200)
  })

  it('are counted by what the last proxy saw, whatever the caller claims', async () => {
    const [address] = Object.values(fromElsewhere())
    for (let n = 0; n < 5; n++) await byHeader('guess', { 'x-forwarded-for': `10.0.0.${n}, ${address}` })
    expectProblem(await byHeader('guess', { 'x-forwarded-for': `10.0.0.9, ${address}` }), 429)
  })
})
