import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { createApp, defineEventHandler, type H3Event, toNodeListener } from 'h3'
import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { type BodyLimits, readJson } from '../../../../server/http/body.ts'
import { acceptRequest } from '../../../../server/http/overload.ts'
import { until } from '../../../support/until.ts'

const LIMITS: BodyLimits = { bytes: 4_000, ms: 60_000 }

afterEach(() => void vi.unstubAllEnvs())

/** A server that reads bodies, and notes what became of them. */
async function startReader(limits: BodyLimits, before = (_: H3Event) => {}) {
  const results: unknown[] = []
  const app = createApp().use(defineEventHandler(async (event) => {
    try {
      before(event)
      results.push(await readJson(event, event.node.req.headers['x-caller'] as string ?? 'one', limits))
    }
    catch (error) {
      results.push(error)
    }
    return 'answered'
  }))
  const server = createServer(toNodeListener(app)).listen(0, '127.0.0.1')
  const sockets: Socket[] = []
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  })
  await once(server, 'listening')
  const begin = (headers: string, body: string) => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {})
    sockets.push(socket)
    socket.write(`POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${headers}\r\n\r\n${body}`)
    return socket
  }
  return { server, results, begin }
}

it('a sender that goes away in the middle is told from a failure of the server', async () => {
  const { server, results, begin } = await startReader(LIMITS)
  const socket = begin('Content-Length: 900', '{')
  await once(server, 'request')
  socket.destroy()
  await until(() => results.length)
  expect(results).toMatchObject([{ statusCode: 400, data: { code: 'BODY_CUT_OFF' } }])
})

it.each([
  ['says so', 'Content-Length: 5000', ''],
  ['does not say so', 'Transfer-Encoding: chunked', `1388\r\n${' '.repeat(5_000)}\r\n`],
])('a body that is too large and %s is refused before its end, and its connection closed', async (_, headers, body) => {
  const { results, begin } = await startReader(LIMITS)
  const socket = begin(headers, body)
  let answer = ''
  socket.on('data', data => answer += data)
  await once(socket, 'close')
  expect(results).toMatchObject([{ statusCode: 413, data: { detail: 'The body is larger than 4 kB.' } }])
  expect(answer).toMatch(/^HTTP\/1.1 200 .*connection: close.*answered/is)
})

it('a body that does not arrive in time is given up', async () => {
  const { results, begin } = await startReader({ ...LIMITS, ms: 100 })
  const socket = begin('Content-Length: 900', '{')
  socket.resume()
  await once(socket, 'close')
  expect(results).toMatchObject([{ statusCode: 408, data: { code: 'BODY_TOO_SLOW' } }])
})

it('a caller has so many unfinished bodies, and another is not held up by them', async () => {
  const { results, begin } = await startReader(LIMITS)
  const sockets = Array.from({ length: 70 }, () => begin('Content-Length: 900', '{'))
  await until(() => results.length === 6)
  expect(results).toEqual(Array.from({ length: 6 }, () => expect.objectContaining({ code: 'OVERLOADED' })))
  begin('X-Caller: other\r\nContent-Length: 2', '{}')
  await until(() => results.length === 7)
  expect(results.at(-1)).toEqual({})
  for (const socket of sockets) socket.destroy()
  await until(() => results.length === 71)
  begin('Content-Length: 2', '{}')
  await until(() => results.length === 72)
  expect(results.at(-1)).toEqual({})
})

it('bodies that are on their way take no place among the requests', async () => {
  vi.stubEnv('MAX_CHANGES', '2')
  const { results, begin } = await startReader(LIMITS, ({ node }) => acceptRequest('POST', node.res))
  const slow = Array.from({ length: 10 }, () => begin('Content-Length: 2', '{'))
  begin('Content-Length: 2', '{}')
  await until(() => results.length === 1)
  expect(results).toEqual([{}])
  for (const socket of slow) socket.write('}')
  await until(() => results.length === 11)
})
