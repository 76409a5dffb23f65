import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest'
import { callInstrumentation, type OutsideCall } from '../../../../server/lib/instrumentation.ts'
import type { RateLimitCost } from '../../../../server/lib/rate-limits/cost.ts'
import type { ProviderError } from '../../../../server/lib/errors.ts'
import { callRest, feedbackOf, type RestService } from '../../../../server/lib/rest.ts'

interface PlannedAnswer { status: number, headers?: Record<string, string>, text?: string }

let asked = 0
/** A service that answers as it is told in the request, and counts. */
const server = createServer((request, response) => {
  asked++
  const { status, headers = {}, text = '' } = JSON.parse(String(request.headers['x-answer'])) as PlannedAnswer
  if (request.url === '/new') return void response.end('moved')
  if (status === 0) return void request.socket.destroy()
  response.writeHead(status, headers).end(text)
})
let apiUrl = ''
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())

const service: RestService = {
  id: 'FIGMA',
  name: 'A service',
  messages: { credential: 'FIGMA_TOKEN_REFUSED', forbidden: 'FIGMA_FORBIDDEN', missing: 'FIGMA_NOT_FOUND' },
  statusPage: 'https://status',
  apiUrlVariable: 'API_URL',
}
const cost: RateLimitCost = { service: 'FIGMA', limiterId: 'limiter', rules: [], action: 'A_CALL', weights: {}, calls: 1 }
const call = (answer: object) =>
  callRest(service, { action: 'A_CALL', method: 'GET', apiUrl, path: '/thing', headers: { 'x-answer': JSON.stringify(answer) }, cost })
const failure = (answer: object) =>
  call(answer).then(() => Promise.reject(new Error('It did not fail.')), (error: unknown) => error as ProviderError)

it('answers JSON by its value, and anything else as text', async () => {
  expect(await call({ status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, text: '{"a":1}' })).toEqual({ a: 1 })
  expect(await call({ status: 200, text: 'OK' })).toBe('OK')
})

it.for<[number, string, boolean]>([
  [401, 'PROVIDER_AUTHENTICATION', false], [403, 'PROVIDER_FORBIDDEN', false], [404, 'PARENT_NOT_FOUND', false],
  [409, 'ALREADY_EXISTS', false], [412, 'PROVIDER_UNAVAILABLE', true],
  [400, 'PROVIDER_REJECTED', false], [422, 'PROVIDER_REJECTED', false], [408, 'PROVIDER_UNAVAILABLE', true],
  [500, 'PROVIDER_UNAVAILABLE', true], [503, 'PROVIDER_UNAVAILABLE', true], [0, 'PROVIDER_UNAVAILABLE', true],
])('takes %i for %s', async ([status, code, retryable]) => {
  const error = await failure({ status, text: '{"error":"what it said"}' })
  expect(error).toMatchObject({ code, retryable, message: expect.stringContaining('GET /thing') })
  if (status) expect(error.message).toContain('what it said')
  for (const text of [error.why, error.fix]) expect(text).not.toBe('')
})

it('reads what was wrong in any of the ways to say it', async () => {
  const answers = [
    [{ error: true, message: 'no scope' }, 'no scope'],
    [{ status: 403, err: 'no seat' }, 'no seat'],
    [{ error: { a: 1 } }, '{"error":{"a":1}}'],
    [null, 'null'],
  ] as const
  for (const [body, said] of answers)
    expect((await failure({ status: 403, text: JSON.stringify(body) })).message).toBe(`Figma refused GET /thing: ${said}`)
})

it('follows the service to where something is now, and takes the credential nowhere else', async () => {
  expect(await call({ status: 307, headers: { location: '/new' } })).toBe('moved')
  const elsewhere = `${apiUrl.replace('127.0.0.1', 'localhost')}/new`
  expect(await failure({ status: 307, headers: { location: elsewhere } })).toMatchObject({
    code: 'WRONG_CONFIGURATION',
    retryable: false,
    message: expect.stringContaining(elsewhere),
    fix: expect.stringContaining('API_URL'),
  })
  expect(await failure({ status: 307, headers: { location: '/thing' } })).toMatchObject({ code: 'WRONG_CONFIGURATION' })
  asked = 0
  expect(await failure({ status: 307 })).toMatchObject({ code: 'WRONG_CONFIGURATION', message: expect.stringContaining('nowhere') })
  expect(asked).toBe(1)
})

it('waits as long as it is asked to, in any of the ways to say it', async () => {
  expect(await failure({ status: 429, headers: { 'retry-after': '7' } }))
    .toMatchObject({ code: 'RATE_LIMITED', retryable: true, retryAfter: 7_000 })
  const inAMinute = new Date(Date.now() + 60_000).toUTCString()
  expect((await failure({ status: 429, headers: { 'retry-after': inAMinute } })).retryAfter).toBeGreaterThan(30_000)
  expect(await failure({ status: 429, headers: { ratelimit: '"api";r=0;t=55' } })).toMatchObject({ retryAfter: 55_000 })
  expect(await failure({ status: 429 })).toMatchObject({ retryAfter: 60_000 })
})

it('tells the rate limiter what remains, and how long the service is blocked', async () => {
  const error = await failure({ status: 429, headers: { ratelimit: '"api";r=0;t=55' } })
  expect(feedbackOf(error)).toMatchObject({ block: { ms: 55_000, scope: 'all' }, quota: { remaining: 0 } })
  expect(feedbackOf({ status: 200, header: () => '"api";r=499;t=245', text: '' }))
    .toMatchObject({ block: undefined, quota: { remaining: 499 } })
  expect(feedbackOf(new Error('no answer'))).toEqual({})
})

it('reports every call to the instrumentation, answered or not', async () => {
  const calls: OutsideCall[] = []
  await callInstrumentation.run({ onCall: call => calls.push(call) }, async () => {
    await call({ status: 200 })
    await failure({ status: 404 })
    await failure({ status: 0 })
  })
  expect(calls.map(({ action, target, result, statusCode }) => [action, target, result, statusCode])).toEqual([
    ['A_CALL', 'GET /thing', 'SUCCESS', 200], ['A_CALL', 'GET /thing', 'FAILURE', 404], ['A_CALL', 'GET /thing', 'FAILURE', null],
  ])
})

it('redacts what a service said before it cuts it', async () => {
  onTestFinished(() => void vi.unstubAllEnvs())
  vi.stubEnv('FIGMA_TOKEN', 'planted-token-of-nobody')
  const { message } = await failure({ status: 400, text: `${'x'.repeat(190)} planted-token-of-nobody` })
  expect(message).toContain('xxx')
  expect(message).not.toContain('planted')
})
