import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { DISCORD_CLIENT_ID, DISCORD_GUILD_ID } from '../../emulators/defaults.ts'
import type { Course } from '../../shared/schemas/course.ts'
import type { Run } from '../../shared/schemas/run.ts'
import { expectExactlyOnce } from '../chaos/exactly-once.ts'
import { lecture } from '../support/courses.ts'
import { expectProblem } from '../support/problems.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'

const atelier = useAtelier({ env: { DISCORD_GUILD_ID: '' } })

async function waiting(name: string): Promise<Course> {
  const { body: { id } } = await atelier.api.createCourse(lecture(name))
  const course = await atelier.api.reached(id, 'WAITING')
  await until(async () => (await atelier.api.course(id)).run.steps.slice(2).every(({ status }) => status === 'completed'))
  return course
}
const choose = (id: string, body: unknown) => atelier.api.call<Course>('POST', `/api/courses/${id}/discord-server`, { body })
const newServer = async (bot: boolean) =>
  (await atelier.discord.settings({ seed: { guilds: [{ name: 'Faculty', bot }] } }) as { seeded: { guilds: [string] } }).seeded.guilds[0]
/** Agrees on Discord's install page, as a person would. @returns where Discord sends them back to */
const install = async (link: string, guild: string) =>
  new URL((await fetch(link, { method: 'POST', body: new URLSearchParams({ guild }), redirect: 'manual' })).headers.get('location')!)
const visit = (url: URL | string) => fetch(url, { redirect: 'manual' })

describe('a course without a Discord server', () => {
  it('waits, does what it can meanwhile, and shows the bot\'s install link', async () => {
    const { id } = await waiting('Shown')
    const [course, report] = await Promise.all([atelier.api.course(id), atelier.api.status(id)])
    expect(report.courseStatus).toBe('WAITING')
    expect(report.discordInstall).toEqual(course.discordInstall)
    const link = new URL(course.discordInstall!.url)
    expect(link.pathname).toBe('/oauth2/authorize')
    expect(Object.fromEntries(link.searchParams)).toMatchObject({
      client_id: DISCORD_CLIENT_ID, scope: 'bot', response_type: 'code', redirect_uri: `${atelier.server.url}/api/discord/installed`,
    })
    expect(BigInt(link.searchParams.get('permissions')!)).toBe((1n << 4n) | (1n << 10n) | (1n << 28n))
    expect((await fetch(link)).status).toBe(200)
    expect(report.steps.map(({ status }) => status)).toEqual(['PENDING', 'PENDING', 'COMPLETED', 'COMPLETED', 'COMPLETED'])
    expectProblem(await atelier.api.call('POST', `/api/courses/${id}/retry`), 409, 'NOT_FAILED')
  })

  it('goes on when it is told of a server that the bot is in', async () => {
    const { id } = await waiting('Told')
    const guildId = await newServer(false)
    const refused = expectProblem(await choose(id, { guildId }), 422, 'BOT_NOT_IN_SERVER')
    expect(refused.fix).toContain('install link')
    expect((await atelier.api.course(id)).discordGuildId).toBeNull()
    await atelier.discord.settings({ bot: { guildId, permissions: ['Administrator'] } })
    const { status, body } = await choose(id, { guildId })
    expect([status, body.discordGuildId, body.discordInstall]).toEqual([202, guildId, null])
    await expectExactlyOnce(atelier, await atelier.api.reached(id, 'COMPLETED'))
    expectProblem(await choose(id, { guildId }), 409, 'NOT_WAITING')
  })

  it('goes on when the wait of its run is answered, which says what an answer has to be', async () => {
    const { id, run } = await waiting('Answered')
    const [wait, ...others] = run.waits
    expect(others).toEqual([])
    expect(wait).toMatchObject({
      runId: run.id, kind: 'discord-server', deadline: null, answer: { required: ['guildId'], additionalProperties: false },
    })
    const answer = (answer: unknown) => atelier.api.call<Run>('POST', `/api/runs/${run.id}/waits/${wait!.id}`, { body: { answer } })
    for (const [body, field] of [
      [{}, 'answer.guildId'],
      [{ guildId: 'faculty' }, 'answer.guildId'],
      [{ guildId: DISCORD_GUILD_ID, x: 1 }, 'answer'],
    ] as const)
      expect(expectProblem(await answer(body), 422, 'ANSWER_INVALID').errors!.map(error => error.field)).toEqual([field])
    expectProblem(await answer({ guildId: await newServer(false) }), 422, 'BOT_NOT_IN_SERVER')
    expect((await atelier.api.course(id)).run.waits, 'what was refused answers nothing').toEqual([wait])
    const guildId = await newServer(true)
    const answers = await Promise.all([answer({ guildId }), answer({ guildId })])
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409])
    expect(answers.find(({ status }) => status === 202)!.body.waits).toEqual([])
    expectProblem(await answer({ guildId }), 409, 'NOT_WAITING')
    const course = await atelier.api.reached(id, 'COMPLETED')
    expect(course.discordGuildId).toBe(guildId)
    await expectExactlyOnce(atelier, course)
  })

  it('is told once, however many tell it', async () => {
    const { id } = await waiting('Many')
    const others = await Promise.all([newServer(true), newServer(true), newServer(true)])
    const answers = await Promise.all(others.map(guildId => choose(id, { guildId })))
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409])
    const course = await atelier.api.reached(id, 'COMPLETED')
    expect(course.discordGuildId).toBe(answers.find(({ status }) => status === 202)!.body.discordGuildId)
    await expectExactlyOnce(atelier, course)
  })

  it.each([
    [{}, 'guildId'],
    [{ guildId: 'faculty' }, 'guildId'],
    [{ guildId: 1 }, 'guildId'],
    [{ guildId: DISCORD_GUILD_ID, x: 1 }, 'x'],
  ])('refuses %j', async (body, field) => {
    expect(expectProblem(await choose(randomUUID(), body), 400).errors!.map(error => error.field)).toEqual([field])
  })

  it('that does not exist cannot be told', async () => {
    expectProblem(await choose(randomUUID(), { guildId: DISCORD_GUILD_ID }), 404, 'NOT_FOUND')
  })

  it('says so when Discord cannot be asked', async () => {
    const { id } = await waiting('Unasked')
    const fault = await atelier.discord.fault({ operation: 'list_my_guilds', when: 'before', action: 'status', status: 500, times: 5 })
    expectProblem(await choose(id, { guildId: DISCORD_GUILD_ID }), 503, 'PROVIDER_UNAVAILABLE')
    await atelier.discord.removeFault(fault)
    expect(await atelier.api.course(id)).toMatchObject({ status: 'WAITING', discordGuildId: null })
  })
})

describe('the install page', () => {
  it('leads back to the course, which goes on in the server that the bot was added to', async () => {
    const { id, discordInstall } = await waiting('Installed')
    const guildId = await newServer(false)
    const back = await install(discordInstall!.url, guildId)
    const answer = await visit(back)
    expect([answer.status, answer.headers.get('location')]).toEqual([302, `/courses/${id}`])
    const course = await atelier.api.reached(id, 'COMPLETED')
    expect(course.discordGuildId).toBe(guildId)
    expect((await visit(back)).status, 'a second visit does nothing').toBe(302)
    await expectExactlyOnce(atelier, course)
  })

  it('does nothing for a forged state, a server that the bot is not in, or no server', async () => {
    const { id, discordInstall } = await waiting('Forged')
    const state = new URL(discordInstall!.url).searchParams.get('state')!
    const strange = await newServer(false)
    const { length } = await atelier.discord.calls()
    for (const query of [
      `guild_id=${DISCORD_GUILD_ID}&state=${randomUUID()}`, `guild_id=${DISCORD_GUILD_ID}&state=${id}`,
      `guild_id=${DISCORD_GUILD_ID}`, '', 'error=access_denied',
    ])
      expect((await visit(`${atelier.server.url}/api/discord/installed?${query}`)).headers.get('location')).toBe('/')
    expect((await visit(`${atelier.server.url}/api/discord/installed?guild_id=${DISCORD_GUILD_ID}&state=x'--`)).status).toBe(400)
    expect(await atelier.discord.calls(), 'strangers cause no call').toHaveLength(length)
    await visit(`${atelier.server.url}/api/discord/installed?guild_id=${strange}&state=${state}`)
    expect(await atelier.api.course(id)).toMatchObject({ status: 'WAITING', discordGuildId: null })
  })
})

describe('waiting', () => {
  it('outlives the server', async () => {
    const { id } = await waiting('Patient')
    await atelier.server.kill()
    await atelier.server.start()
    expect((await atelier.api.course(id)).status).toBe('WAITING')
    expect((await choose(id, { guildId: DISCORD_GUILD_ID })).status).toBe(202)
    await expectExactlyOnce(atelier, await atelier.api.reached(id, 'COMPLETED'))
  })
})

describe('a server in which the bot lacks permissions', () => {
  it('is named with what is missing; when that is given, a retry completes', async () => {
    const guildId = await newServer(true)
    await atelier.discord.settings({ bot: { guildId, permissions: ['ViewChannel', 'SendMessages'] } })
    const { body: { id } } = await atelier.api.createCourse(lecture('Lacking', { discordGuildId: guildId }))
    const { run } = await atelier.api.reached(id, 'FAILED')
    expect(run.error).toMatchObject({
      code: 'PROVIDER_FORBIDDEN', message: 'The bot lacks Manage Channels, Manage Roles in the Discord server Faculty.',
      fix: expect.stringContaining('/oauth2/authorize'),
    })
    expect(run.steps[0]).toMatchObject({ status: 'failed', attempts: 1 })
    await atelier.discord.settings({ bot: { guildId, permissions: ['ViewChannel', 'ManageChannels', 'ManageRoles'] } })
    await atelier.api.call('POST', `/api/courses/${id}/retry`)
    await expectExactlyOnce(atelier, await atelier.api.reached(id, 'COMPLETED'))
  })

  it('and one that the bot is not in, fail with the link that adds it', async () => {
    const guildId = await newServer(false)
    const { body: { id } } = await atelier.api.createCourse(lecture('Absent', { discordGuildId: guildId }))
    const { run } = await atelier.api.reached(id, 'FAILED')
    expect(run.error).toMatchObject({ code: 'PARENT_NOT_FOUND', fix: expect.stringContaining(`guild_id=${guildId}`) })
  })
})
