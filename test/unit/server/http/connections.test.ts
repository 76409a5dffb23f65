import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { limitConnections } from '../../../../server/http/connections.ts'
import { until } from '../../../support/until.ts'

afterEach(() => void vi.unstubAllEnvs())

it('further connections are closed, and taken again when others have ended', async () => {
  vi.stubEnv('MAX_CONNECTIONS', '3')
  onTestFinished(limitConnections())
  const server = createServer((_, response) => response.end('answered')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const sockets: { socket: Socket, isOpen: boolean }[] = []
  onTestFinished(async () => {
    for (const { socket } of sockets) socket.destroy()
    await new Promise(resolve => server.close(resolve))
  })
  const open = async () => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {})
    const seen = { socket, isOpen: true }
    socket.on('close', () => seen.isOpen = false)
    sockets.push(seen)
    await once(socket, 'connect')
    return seen
  }
  for (let i = 0; i < 8; i++) await open()
  await until(() => sockets.filter(({ isOpen }) => isOpen).length === 3)
  expect(sockets.slice(0, 3).every(({ isOpen }) => isOpen), 'the first ones stay').toBe(true)
  expect(server.headersTimeout).toBe(10_000)
  for (const { socket } of sockets) socket.destroy()
  await until(async () => {
    const { socket } = await open()
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    const chunks: Buffer[] = []
    socket.on('data', chunk => chunks.push(chunk))
    await once(socket, 'close')
    return Buffer.concat(chunks).includes('answered')
  })
})
