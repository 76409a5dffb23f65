import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { afterEach, expect, it, vi } from 'vitest'
import { until } from '../../../support/until.ts'
import { acceptRequest, countForActor, leavePlace, watchEventLoop } from '../../../../server/http/overload.ts'

const responses: EventEmitter[] = []
const take = (method: string) => {
  const response = new EventEmitter()
  acceptRequest(method, response as ServerResponse)
  responses.push(response)
  return response
}
const refused = expect.objectContaining({ code: 'OVERLOADED', retryAfterSeconds: expect.any(Number) })

afterEach(() => {
  for (const response of responses.splice(0)) response.emit('close')
  vi.unstubAllEnvs()
})

it('takes on so many requests at a time, fewer that change something, and more when one was answered', () => {
  vi.stubEnv('MAX_REQUESTS', '3')
  vi.stubEnv('MAX_CHANGES', '1')
  const change = take('POST')
  expect(() => take('DELETE')).toThrow(refused)
  take('GET')
  take('HEAD')
  expect(() => take('GET')).toThrow(refused)
  change.emit('close')
  take('POST')
})

it('of one actor takes on a share, and leaves the rest to others', () => {
  vi.stubEnv('MAX_REQUESTS_EACH', '3')
  vi.stubEnv('MAX_CHANGES_EACH', '2')
  const takeFor = (actor: string, method: string) => {
    const response = take(method)
    countForActor(response as ServerResponse, actor)
    return response
  }
  const first = takeFor('one', 'POST')
  takeFor('one', 'POST')
  expect(() => takeFor('one', 'POST')).toThrow(refused)
  takeFor('one', 'GET')
  expect(() => takeFor('one', 'GET')).toThrow(refused)
  takeFor('other', 'POST')
  const comeBack = leavePlace(first as ServerResponse)
  takeFor('one', 'POST')
  expect(comeBack, 'another request has the place meanwhile').toThrow(refused)
})

it('takes on no change while the event loop is late, and does again when it is not', async () => {
  vi.stubEnv('MAX_DELAY_MS', '50')
  const stop = watchEventLoop()
  const block = setInterval(() => {
    for (const end = Date.now() + 120; Date.now() < end;);
  })
  await until(() => {
    try {
      take('POST').emit('close')
    }
    catch (error) {
      return error
    }
  })
  take('GET')
  clearInterval(block)
  await until(() => take('POST'))
  stop()
})
