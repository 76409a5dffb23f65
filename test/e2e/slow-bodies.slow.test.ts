import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { lecture } from '../support/courses.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'

const atelier = useAtelier({ env: { MAX_CHANGES: '20' } })
const sockets: Socket[] = []

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
})

/** Begins a request and does not end its body. */
function begin(path: string, length: number, body: string, header = 'X-Nothing: 1') {
  const { hostname, port } = new URL(atelier.server.url)
  const socket = connect(Number(port), hostname).on('error', () => {})
  sockets.push(socket)
  const head = [`POST ${path} HTTP/1.1`, `Host: ${hostname}:${port}`, 'Content-Type: application/json', `Content-Length: ${length}`, header]
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  const seen = { socket, answer: '' }
  socket.on('data', data => seen.answer += data)
  return seen
}

it('a sign-in has 4 kB and 5 s, and hundreds of unfinished ones are refused and let the others in', async () => {
  const large = begin('/api/session', 900_000, 'x'.repeat(100_000))
  await until(() => large.answer.startsWith('HTTP/1.1 413'))
  const many = Array.from({ length: 300 }, () => begin('/api/session', 4_000, '{'))
  await until(() => many.filter(({ answer }) => answer.startsWith('HTTP/1.1 429')).length >= 200)
  const start = performance.now()
  const slow = many.find(({ answer }) => !answer)!
  await once(slow.socket, 'close')
  expect(slow.answer).toMatch(/^HTTP\/1.1 408/)
  expect(performance.now() - start).toBeLessThan(9_000)
  const response = await fetch(`${atelier.server.url}/api/session`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ apiKey: atelier.apiKey }),
  })
  expect(response.status).toBe(200)
})

it('slow bodies of one operator stop nobody else', async () => {
  const key = await atelier.api.createKey('Slow', 'operator')
  for (let i = 0; i < 60; i++) begin('/api/courses', 900, '{', `X-Api-Key: ${key}`)
  const { body: { id } } = await atelier.api.createCourse(lecture('Quick'))
  await atelier.api.reached(id, 'COMPLETED')
})
