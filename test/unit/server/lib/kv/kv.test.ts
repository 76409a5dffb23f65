import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { type Control, createControl } from '../../../../../emulators/control-client.ts'
import type { Emulator } from '../../../../../emulators/core/types.ts'
import { KV_TOKEN } from '../../../../../emulators/defaults.ts'
import { type KvState, start } from '../../../../../emulators/kv/index.ts'
import { callInstrumentation, type OutsideCall } from '../../../../../server/lib/instrumentation.ts'
import { deleteValue, getValue, setValue } from '../../../../../server/lib/kv/index.ts'
import { temporaryFolder } from '../../../emulators/support/emulators.ts'

const folder = temporaryFolder()
const session = z.object({ sandbox: z.string() })
let emulator: Emulator
let control: Control
beforeAll(async () => {
  emulator = await start({ dataDir: folder.path })
  control = createControl(emulator.url)
})
beforeEach(async () => {
  Object.assign(process.env, { KV_REST_API_URL: emulator.apiUrl, KV_REST_API_TOKEN: KV_TOKEN })
  await fetch(`${emulator.url}/__emulator/reset`, { method: 'POST' })
})
afterAll(() => emulator.close())

it('writes, reads and removes values that expire', async () => {
  expect(await getValue('session:1', session)).toBeNull()
  await setValue('session:1', { sandbox: 'sandbox-1' }, 1800)
  expect(await getValue('session:1', session)).toEqual({ sandbox: 'sandbox-1' })
  const { keys } = await control.state<KvState>()
  expect(keys['session:1']!.expiresAt! - Date.now()).toBeGreaterThan(1_790_000)
  await deleteValue('session:1')
  await deleteValue('session:1')
  expect(await getValue('session:1', session)).toBeNull()
})

it('takes a value of another form for none', async () => {
  await setValue('session:1', { something: 'else' }, 60)
  expect(await getValue('session:1', session)).toBeNull()
  await setValue('session:1', '{"no":json', 60)
  expect(await getValue('session:1', session)).toBeNull()
})

it.for<[number, string, boolean, number?]>([
  [401, 'PROVIDER_AUTHENTICATION', false], [403, 'PROVIDER_FORBIDDEN', false], [429, 'RATE_LIMITED', true, 7_000],
  [400, 'PROVIDER_REJECTED', false], [500, 'PROVIDER_UNAVAILABLE', true],
])('takes %i for %s, and does not try again by itself', async ([status, code, retryable, retryAfter]) => {
  await control.fault({ when: 'before', action: 'status', status, headers: { 'retry-after': '7' } })
  const message = expect.not.stringContaining('planted') as string
  await expect(setValue('a', 'planted value', 60)).rejects.toMatchObject({ code, retryable, retryAfter, message })
  expect((await control.calls()).length).toBe(1)
})

it('says that it was not answered', async () => {
  await control.fault({ when: 'after', action: 'drop' })
  await expect(setValue('a', 1, 60)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE', retryable: true })
})

it('names the variable that is missing', async () => {
  process.env.KV_REST_API_TOKEN = ''
  await expect(getValue('a', session)).rejects.toMatchObject({ code: 'MISSING_CONFIGURATION', message: 'KV_REST_API_TOKEN is not set.' })
})

it('reports each call without the value and without the private part of the key', async () => {
  const calls: OutsideCall[] = []
  await callInstrumentation.run({ onCall: call => calls.push(call) }, async () => {
    await setValue('session:4f1c', { sandbox: 'x' }, 60)
    await getValue('session:4f1c', session)
  })
  expect(calls.map(({ service, action, target, statusCode }) => [service, action, target, statusCode])).toEqual([
    ['KV', 'KV_SET', 'SET session', 200], ['KV', 'KV_GET', 'GET session', 200],
  ])
})
