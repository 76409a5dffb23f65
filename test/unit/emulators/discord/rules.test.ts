import { ChannelType, PermissionFlagsBits, Routes } from 'discord-api-types/v10'
import type { APIChannel, APIGuildTextChannel, APIRole, GuildTextChannelType } from 'discord-api-types/v10'
import { describe, expect, it } from 'vitest'
import { DISCORD_CLIENT_ID, DISCORD_GUILD_ID as GUILD } from '../../../../emulators/defaults.ts'
import type { DiscordState } from '../../../../emulators/discord/index.ts'
import { rejection, useDiscord } from '../support/emulators.ts'

const discord = useDiscord()
type TextChannel = APIGuildTextChannel<GuildTextChannelType>

const channel = async (body: object) => await discord.rest().post(Routes.guildChannels(GUILD), { body }) as TextChannel
const role = async (body: object) => await discord.rest().post(Routes.guildRoles(GUILD), { body }) as APIRole
const guild = async () => (await discord.control.state<DiscordState>()).guilds[0]!

type Seeded = Record<'guilds' | 'roles' | 'channels' | 'members', [string, ...string[]]>
const seed = (resources: object) => discord.control.settings({ seed: resources }) as Promise<{ seeded: Seeded }>

/** The validation errors of a failed call; the message of discord.js has them as text only. */
const errors = async (call: Promise<unknown>) =>
  await call.then(() => undefined, (error: { rawError: { errors?: unknown } }) => error.rawError.errors)

describe('channels', () => {
  it.each([
    ['Lecture Hall', 'lecture-hall'], ['Q&A  help!', 'qa-help'], ['ÜBUNG_1', 'übung_1'], ['😀 fun', '😀-fun'],
  ])('names a text channel %s as %s, and a voice channel as it is', async (name, expected) => {
    expect((await channel({ name })).name).toBe(expected)
    expect((await channel({ name, type: ChannelType.GuildVoice })).name).toBe(name)
  })

  it('may share a name', async () => {
    const ids = [await channel({ name: 'same' }), await channel({ name: 'same' })].map(({ id }) => id)
    expect(new Set(ids).size).toBe(2)
  })

  it('are refused with an error for every invalid field', async () => {
    expect(await errors(channel({ name: '', type: 99, topic: 'x'.repeat(1025), parent_id: '7' }))).toEqual({
      name: { _errors: [{ code: 'BASE_TYPE_BAD_LENGTH', message: 'Must be between 1 and 100 in length.' }] },
      type: { _errors: [expect.objectContaining({ code: 'BASE_TYPE_CHOICES' })] },
      topic: { _errors: [{ code: 'BASE_TYPE_MAX_LENGTH', message: 'Must be 1024 or fewer in length.' }] },
      parent_id: { _errors: [{ code: 'CHANNEL_PARENT_INVALID', message: 'Category does not exist' }] },
    })
    expect(await errors(channel({}))).toMatchObject({ name: { _errors: [{ code: 'BASE_TYPE_REQUIRED' }] } })
    expect(await errors(channel({ name: 'x', permission_overwrites: [{ id: '7', type: 0 }] })))
      .toHaveProperty('permission_overwrites.0.id')
    expect(await errors(channel({ name: '!!!' }))).toHaveProperty('name')
    expect((await guild()).channels).toHaveLength(2)
  })

  it('number at most 50 in a category and 500 in a guild', async () => {
    const { id } = await channel({ name: 'Course', type: ChannelType.GuildCategory })
    await seed({ channels: Array.from({ length: 50 }, (_, i) => ({ name: `c${i}`, parentId: id })) })
    expect(await errors(channel({ name: 'one-more', parent_id: id })))
      .toMatchObject({ parent_id: { _errors: [{ code: 'CHANNEL_PARENT_MAX_CHANNELS' }] } })
    await seed({ channels: Array.from({ length: 500 - (await guild()).channels.length }, (_, i) => ({ name: `d${i}` })) })
    expect(await rejection(channel({ name: 'one-more' }))).toMatchObject({ status: 400, code: 30_013 })
    expect((await guild()).channels).toHaveLength(500)
  })

  it('get the overwrites of their category unless they have their own', async () => {
    const lab = await role({ name: 'Lab 1' })
    const overwrites = [{ id: GUILD, type: 0, allow: '0', deny: String(PermissionFlagsBits.Connect) }]
    const category = await channel({ name: 'Course', type: ChannelType.GuildCategory, permission_overwrites: overwrites })
    expect((await channel({ name: 'synced', parent_id: category.id })).permission_overwrites).toEqual(overwrites)
    const own = [{ id: lab.id, type: 0, allow: '1024', deny: '0' }]
    expect((await channel({ name: 'own', parent_id: category.id, permission_overwrites: own })).permission_overwrites).toEqual(own)
  })

  it('survive the deletion of their category, and can be changed', async () => {
    const rest = discord.rest()
    const category = await channel({ name: 'Course', type: ChannelType.GuildCategory })
    const child = await channel({ name: 'child', parent_id: category.id })
    await rest.delete(Routes.channel(category.id))
    const changed = await rest.patch(Routes.channel(child.id), { body: { name: 'New Name', topic: 'course:1', position: 7 } })
    expect(changed).toMatchObject({ parent_id: null, name: 'new-name', topic: 'course:1', position: 7 })
    expect(await rejection(rest.get(Routes.channel(category.id)))).toMatchObject({ status: 404, code: 10_003 })
  })
})

describe('permissions', () => {
  it('are required for each operation', async () => {
    const rest = discord.rest()
    await discord.control.settings({ bot: { permissions: ['ViewChannel', 'SendMessages'] } })
    const general = (await guild()).channels[1]!.id
    expect(await rejection(channel({ name: 'x' }))).toMatchObject({ status: 403, code: 50_013 })
    expect(await rejection(role({ name: 'x' }))).toMatchObject({ status: 403, code: 50_013 })
    expect(await rejection(rest.patch(Routes.guild(GUILD), { body: { name: 'xx' } }))).toMatchObject({ code: 50_013 })
    expect(await rejection(rest.delete(Routes.channel(general)))).toMatchObject({ code: 50_013 })
    expect(await rejection(rest.put(Routes.channelPermission(general, GUILD), { body: { type: 0, deny: '1024' } })))
      .toMatchObject({ code: 50_013 })
    expect(await rejection(rest.put(Routes.guildMemberRole(GUILD, DISCORD_CLIENT_ID, GUILD)))).toMatchObject({ code: 50_013 })
    await rest.post(Routes.channelMessages(general), { body: { content: 'may' } })
  })

  it('can only be granted by a bot that has them', async () => {
    expect(await rejection(role({ name: 'x', permissions: String(PermissionFlagsBits.BanMembers) }))).toMatchObject({ code: 50_013 })
    const { ManageMessages, ManageRoles } = PermissionFlagsBits
    const denying = (bit: bigint) => ({ name: 'x', permission_overwrites: [{ id: GUILD, type: 0, deny: String(bit) }] })
    expect(await rejection(channel(denying(ManageMessages)))).toMatchObject({ code: 50_013 })
    expect(await rejection(channel(denying(ManageRoles)))).toMatchObject({ code: 50_013 })
    await discord.control.settings({ bot: { permissions: ['Administrator'] } })
    await channel(denying(ManageRoles))
  })

  it('exclude the bot from a channel that it hides from @everyone', async () => {
    const rest = discord.rest()
    const hide = { id: GUILD, type: 0, deny: '1024' }
    const hidden = await channel({ name: 'hidden', permission_overwrites: [hide] })
    for (const call of [rest.get(Routes.channel(hidden.id)), rest.patch(Routes.channel(hidden.id), { body: { topic: 'x' } })]) {
      expect(await rejection(call)).toMatchObject({ status: 403, code: 50_001 })
    }
    expect((await rest.get(Routes.guildChannels(GUILD)) as APIChannel[]).map(({ id }) => id)).toContain(hidden.id)
    const open = await channel({ name: 'open', permission_overwrites: [hide, { id: DISCORD_CLIENT_ID, type: 1, allow: '1024' }] })
    await rest.patch(Routes.channel(open.id), { body: { topic: 'x' } })
  })

  it('do not exist where the bot is not a member', async () => {
    const { seeded } = await seed({ guilds: [{ name: 'Elsewhere' }] })
    const rest = discord.rest()
    expect(await rejection(rest.get(Routes.guildChannels(seeded.guilds[0])))).toMatchObject({ status: 403, code: 50_001 })
    expect(await rejection(rest.get(Routes.guildChannels('7')))).toMatchObject({ status: 404, code: 10_004 })
    expect(await rejection(rest.get(Routes.guildChannels('x')))).toMatchObject({ status: 400, code: 50_035 })
    await discord.control.settings({ kick: [GUILD] })
    expect(await rest.get(Routes.userGuilds())).toEqual([])
  })

  it('end when the token is revoked', async () => {
    await discord.control.settings({ tokens: ['another'] })
    expect(await rejection(discord.rest().get(Routes.user()))).toMatchObject({ status: 401, message: '401: Unauthorized' })
    expect(await discord.rest('another').get(Routes.user())).toMatchObject({ id: DISCORD_CLIENT_ID, bot: true })
  })
})

describe('roles', () => {
  it('are created at the bottom, below the bot\'s role, each with its own position', async () => {
    const created = [await role({ name: 'Lab 1' }), await role({ name: 'Lab 1' }), await role({})]
    expect(created.map(({ position }) => position)).toEqual([1, 1, 1])
    const { roles } = await guild()
    expect(roles.map(({ name, position }) => [name, position])).toEqual([
      ['@everyone', 0], ['new role', 1], ['Lab 1', 2], ['Lab 1', 3], ['Atelier', 4],
    ])
    expect(created[0]?.permissions).toBe(roles[0]?.permissions)
  })

  it('cannot be changed by the bot if they are above it, or its own', async () => {
    const rest = discord.rest()
    const { seeded } = await seed({ roles: [{ name: 'Owner', top: true }], members: [{ username: 'ada' }] })
    const own = (await guild()).roles.find(({ managed }) => managed)!.id
    for (const id of [seeded.roles[0], own]) {
      expect(await rejection(rest.patch(Routes.guildRole(GUILD, id), { body: { name: 'x' } }))).toMatchObject({ code: 50_013 })
      expect(await rejection(rest.delete(Routes.guildRole(GUILD, id)))).toMatchObject({ code: 50_013 })
      expect(await rejection(rest.put(Routes.guildMemberRole(GUILD, seeded.members[0], id)))).toMatchObject({ code: 50_013 })
    }
  })

  it('number at most 250', async () => {
    await seed({ roles: Array.from({ length: 248 }, (_, i) => ({ name: `r${i}` })) })
    expect(await rejection(role({ name: 'one more' }))).toMatchObject({ status: 400, code: 30_005 })
    expect((await guild()).roles).toHaveLength(250)
  })

  it('can be assigned, and disappear from members and channels when they are deleted', async () => {
    const rest = discord.rest()
    const { seeded } = await seed({ members: [{ username: 'ada' }] })
    const lab = await role({ name: 'Lab 1' })
    const { id } = await channel({ name: 'lab-1', permission_overwrites: [{ id: lab.id, type: 0, allow: '1024' }] })
    await rest.put(Routes.guildMemberRole(GUILD, seeded.members[0], lab.id))
    expect(await rest.get(Routes.guildMember(GUILD, seeded.members[0]))).toMatchObject({ roles: [lab.id] })
    await rest.delete(Routes.guildRole(GUILD, lab.id))
    expect(await rest.get(Routes.guildMember(GUILD, seeded.members[0]))).toMatchObject({ roles: [] })
    expect(await rest.get(Routes.channel(id))).toMatchObject({ permission_overwrites: [] })
    expect(await rejection(rest.get(Routes.guildRole(GUILD, lab.id)))).toMatchObject({ status: 404, code: 10_011 })
    expect(await rejection(rest.get(Routes.guildMember(GUILD, '7')))).toMatchObject({ status: 404, code: 10_007 })
  })

  it('are refused with an invalid name', async () => {
    for (const name of ['', 'x'.repeat(101)]) expect(await errors(role({ name }))).toHaveProperty('name')
  })
})

it('reuses an invite unless the call asks for a new one', async () => {
  const rest = discord.rest()
  const { id } = await channel({ name: 'x' })
  const invite = async (body: object) => (await rest.post(Routes.channelInvites(id), { body }) as { code: string }).code
  const code = await invite({ max_age: 0 })
  expect(await invite({ max_age: 0 })).toBe(code)
  expect(await invite({ max_age: 0, unique: true })).not.toBe(code)
  expect(await rest.get(Routes.guildInvites(GUILD))).toHaveLength(2)
  await rest.delete(Routes.invite(code))
  expect(await rejection(rest.get(Routes.invite(code)))).toMatchObject({ status: 404, code: 10_006 })
})

it('sends a message once for an enforced nonce, and refuses empty and long ones', async () => {
  const rest = discord.rest()
  const { id } = await channel({ name: 'x' })
  const send = async (body: object) => await rest.post(Routes.channelMessages(id), { body }) as { id: string }
  const first = await send({ content: 'Hello', nonce: 'once', enforce_nonce: true })
  expect(await send({ content: 'Hello', nonce: 'once', enforce_nonce: true })).toMatchObject({ id: first.id })
  await send({ content: 'Second' })
  expect(await rest.get(Routes.channelMessages(id), { query: new URLSearchParams({ limit: '1' }) })).toMatchObject([{ content: 'Second' }])
  expect(await rejection(send({ content: ' ' }))).toMatchObject({ code: 50_006 })
  expect(await rejection(send({ content: 'x'.repeat(2001) }))).toMatchObject({ code: 50_035 })
})
