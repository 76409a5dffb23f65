import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { createApp, defineEventHandler, toNodeListener } from 'h3'
import { expect, it, onTestFinished } from 'vitest'
import { readJson } from '../../../../server/http/body.ts'

it('a sender that goes away in the middle is told from a failure of the server', async () => {
  const failure = Promise.withResolvers<unknown>()
  const app = createApp().use(defineEventHandler(event => readJson(event).catch((error: unknown) => failure.resolve(error))))
  const server = createServer(toNodeListener(app)).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')

  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{')
  await once(server, 'request')
  socket.destroy()

  expect(await failure.promise).toMatchObject({ statusCode: 400, data: { code: 'BODY_CUT_OFF' } })
})
