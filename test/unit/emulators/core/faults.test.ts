import { Routes } from 'discord-api-types/v10'
import type { APIChannel } from 'discord-api-types/v10'
import { expect, it } from 'vitest'
import type { Fault } from '../../../../emulators/core/faults.ts'
import { DISCORD_BOT_TOKEN, DISCORD_GUILD_ID as GUILD } from '../../../../emulators/defaults.ts'
import { rejection, useDiscord } from '../support/emulators.ts'

const discord = useDiscord()
/** When a fault is injected, and whether the call has its effect. */
const EFFECTS = [['before', false], ['after', true]] as const

const create = (name: string, signal?: AbortSignal) => fetch(`${discord.apiUrl}/v10${Routes.guildChannels(GUILD)}`, {
  method: 'POST',
  headers: { 'authorization': `Bot ${DISCORD_BOT_TOKEN}`, 'content-type': 'application/json' },
  body: JSON.stringify({ name }),
  signal,
})
const names = async () => (await discord.rest().get(Routes.guildChannels(GUILD)) as APIChannel[]).map(channel => channel.name)
const calls = async () => (await discord.control.calls()).filter(call => call.mutation)

it('answers a status before the effect: nothing is created', async () => {
  const id = await discord.control.fault({ operation: 'create_guild_channel', when: 'before', action: 'status', status: 503 })
  expect((await create('first')).status).toBe(503)
  expect(await names()).not.toContain('first')
  expect(await calls()).toMatchObject([{ operation: 'create_guild_channel', subject: 'first', status: 503, effect: false, fault: id }])
  expect((await create('first')).status).toBe(201)
})

it('answers a status after the effect: the channel is created', async () => {
  await discord.control.fault({ when: 'after', action: 'status', status: 500, mutation: true })
  expect((await create('first')).status).toBe(500)
  expect(await names()).toContain('first')
  expect(await calls()).toMatchObject([{ status: 500, effect: true }])
})

it('sends the body and headers of the fault, or the service\'s own by default', async () => {
  await discord.control.fault({ when: 'before', action: 'status', status: 429, headers: { 'Retry-After': '7' } })
  const limited = await create('first')
  expect(limited.headers.get('retry-after')).toBe('7')
  expect(await limited.json()).toEqual({ message: 'You are being rate limited.', retry_after: 7, global: false, code: 0 })
  await discord.control.fault({ when: 'before', action: 'status', status: 418, body: { teapot: true } })
  expect(await (await create('first')).json()).toEqual({ teapot: true })
})

it('hits the n-th matching call and as many after it as planned', async () => {
  await discord.control.fault({ subject: '/^lab-\\d+$/', nth: 2, times: 2, when: 'before', action: 'status', status: 500 })
  const answers = []
  for (const name of ['lab-1', 'other', 'lab-2', 'lab-3', 'lab-4']) answers.push((await create(name)).status)
  expect(answers).toEqual([201, 201, 500, 500, 201])
  expect(await discord.control.faults()).toMatchObject([{ seen: 4, reached: 2 }])
})

it('does not hit other operations and reads', async () => {
  await discord.control.fault({ operation: 'create_guild_role', when: 'before', action: 'drop' })
  await discord.control.fault({ mutation: true, subject: 'exactly', when: 'before', action: 'drop' })
  expect((await create('exactly-not')).status).toBe(201)
  expect(await names()).toContain('exactly-not')
})

it.each(EFFECTS)('drops the connection %s the effect', async (when, isCreated) => {
  await discord.control.fault({ operation: 'create_guild_channel', when, action: 'drop' })
  await expect(create('first')).rejects.toThrow()
  expect((await names()).includes('first')).toBe(isCreated)
})

it.each(EFFECTS)('holds a call %s the effect until the client disconnects', async (when, isCreated) => {
  const id = await discord.control.fault({ operation: 'create_guild_channel', when, action: 'hold' })
  const client = new AbortController()
  const held = create('first', client.signal)
  expect(await discord.control.reached(id)).toBe(1)
  expect((await names()).includes('first')).toBe(isCreated)
  client.abort()
  await expect(held).rejects.toThrow()
  // The held call is over when it is in the log. A call held before its effect must have had none.
  await expect.poll(async () => (await calls()).length).toBe(1)
  await discord.control.removeFault()
  expect((await names()).includes('first')).toBe(isCreated)
  expect(await calls()).toMatchObject([{ effect: isCreated }])
})

it.each(['before', 'after'] as const)('continues a call that is held %s the effect when the fault is removed', async (when) => {
  const id = await discord.control.fault({ when, action: 'hold', mutation: true })
  const held = create('first')
  await discord.control.reached(id)
  await discord.control.removeFault(id)
  expect((await held).status).toBe(201)
  expect(await names()).toContain('first')
})

it('delays', async () => {
  await discord.control.fault({ when: 'before', action: 'delay', ms: 300, mutation: true })
  const start = performance.now()
  expect((await create('first')).status).toBe(201)
  expect(performance.now() - start).toBeGreaterThan(290)
})

it('reports when a fault hits a call, and stops waiting at the timeout', async () => {
  const id = await discord.control.fault({ when: 'before', action: 'status', status: 500, mutation: true })
  expect(await discord.control.reached(id, 20)).toBe(0)
  const reached = discord.control.reached(id)
  await create('first')
  expect(await reached).toBe(1)
})

it('refuses invalid faults', async () => {
  const plan = (body: object) => fetch(`${discord.url}/__emulator/faults`, { method: 'POST', body: JSON.stringify(body) })
  const invalid = [
    {},
    { when: 'before', action: 'status' },
    { when: 'before', action: 'delay' },
    { when: 'before', action: 'drop', subject: '/(/' },
    { when: 'before', action: 'drop', nth: 0 },
    { when: 'before', action: 'drop', typo: 1 },
  ]
  for (const body of invalid) expect((await plan(body)).status).toBe(400)
  expect(await (await fetch(`${discord.url}/__emulator/faults`)).json()).toEqual([] satisfies Fault[])
})

it('adds latency to calls of the API only', async () => {
  await discord.control.latency(1500)
  const api = performance.now()
  await names()
  expect(performance.now() - api).toBeGreaterThan(1490)
  const control = performance.now()
  await discord.control.state()
  expect(performance.now() - control).toBeLessThan(1490)
})

it('logs calls in order, and continues their numbers after the log is cleared', async () => {
  await create('one')
  await create('two')
  const log = await calls()
  expect(log.map(call => call.subject)).toEqual(['one', 'two'])
  const since = await (await fetch(`${discord.url}/__emulator/calls?since=${log[0]?.n}`)).json()
  expect(since).toHaveLength(1)
  await discord.control.clearCalls()
  await create('three')
  const n = (log[1]?.n ?? 0) + 1
  expect(await calls()).toMatchObject([{ n, subject: 'three', path: `/api/v10/guilds/${GUILD}/channels`, method: 'POST' }])
})

it('refuses requests of foreign web pages', async () => {
  const reset = await fetch(`${discord.url}/__emulator/reset`, { method: 'POST', headers: { origin: 'https://example.com' } })
  expect(reset.status).toBe(403)
  expect((await rejection(discord.rest('wrong').get(Routes.user()))).status).toBe(401)
})
