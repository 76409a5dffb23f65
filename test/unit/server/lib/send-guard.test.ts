import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { RequestMethod, REST } from '@discordjs/rest'
import { Octokit } from '@octokit/rest'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { callInstrumentation, instrumented, type OutsideCall } from '../../../../server/lib/instrumentation.ts'

let arrived = 0
const server = createServer((request, response) => {
  arrived++
  request.resume().on('end', () => response.setHeader('content-type', 'application/json').end('{}'))
})
let url = ''
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  arrived = 0
})

const octokit = () => new Octokit({ baseUrl: url, log: { debug() {}, info() {}, warn() {}, error() {} } })
const ways: [string, (signal: AbortSignal) => Promise<unknown>][] = [
  ['fetch', signal => fetch(url, { method: 'POST', body: 'x', signal }).then(response => response.text())],
  ['octokit', signal => octokit().request('POST /orgs/a/repos', { request: { signal } })],
  ['discord.js', signal => new REST({ api: url, retries: 0 }).setToken('t')
    .queueRequest({ method: RequestMethod.Post, fullRoute: '/a', signal })],
]

/** Makes one call whose permission ends when it has just been given. */
async function callAs(way: (signal: AbortSignal) => Promise<unknown>, isValid: () => boolean) {
  const reported: OutsideCall[] = []
  const hooks = {
    before: () => Promise.resolve({ withinMs: 5_000, isValid, refusal: () => new Error('refused') }),
    onCall: (call: OutsideCall) => void reported.push(call),
  }
  const about = { service: 'GITHUB', action: 'A_CALL', target: 'POST /' } as const
  const outcome = await callInstrumentation.run(hooks, () =>
    instrumented(about, () => 200, way).then(() => 'made', (error: Error) => error.message))
  return { outcome, reported: reported.length }
}

describe.each(ways)('a call by %s', (_, way) => {
  it('leaves while its permission holds', async () => {
    expect(await callAs(way, () => true)).toEqual({ outcome: 'made', reported: 1 })
    expect(arrived).toBe(1)
  })

  it('is stopped at the last moment when its permission ended meanwhile, and is reported as not made', async () => {
    // A connection is open already, and one has to be opened.
    for (let n = 0; n < 3; n++) expect(await callAs(way, () => false)).toEqual({ outcome: 'refused', reported: 0 })
    expect(arrived).toBe(0)
  })
})

it('a call ends when its time is over', async () => {
  const hooks = {
    before: () => Promise.resolve({ withinMs: 20, isValid: () => true, refusal: () => new Error('refused') }),
    onCall: () => {},
  }
  await expect(callInstrumentation.run(hooks, () => instrumented({ service: 'GITHUB', action: 'A_CALL', target: 'GET /' }, () => null,
    signal => new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error))
    })))).rejects.toMatchObject({ name: 'TimeoutError' })
})
