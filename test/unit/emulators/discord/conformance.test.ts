import { ChannelType, Routes } from 'discord-api-types/v10'
import type { APIChannel, APIMessage, APIRole, RESTPostAPIGuildChannelJSONBody } from 'discord-api-types/v10'
import { expect, it } from 'vitest'
import { DISCORD_GUILD_ID as GUILD } from '../../../../emulators/defaults.ts'
import { rejection, useDiscord } from '../support/emulators.ts'

const discord = useDiscord()

it('conforms to Discord\'s API description in every operation', async () => {
  const rest = discord.rest()
  await discord.control.settings({
    bot: {
      permissions: [
        'ViewChannel', 'ManageGuild', 'ManageChannels', 'ManageRoles', 'SendMessages', 'CreateInstantInvite',
        'KickMembers', 'ManageNicknames',
      ],
    },
    seed: { members: [{ username: 'ada', userId: '1100000000000000077' }] },
  })
  const ada = '1100000000000000077'
  const own = [Routes.user(), Routes.userGuilds(), '/applications/@me', Routes.oauth2CurrentApplication()] as const
  for (const path of own) await rest.get(path)
  await rest.get(Routes.guild(GUILD))
  await rest.get(Routes.guild(GUILD), { query: new URLSearchParams({ with_counts: 'true' }) })
  await rest.patch(Routes.guild(GUILD), { body: { name: 'Renamed', description: 'For learning' } })

  const post = async (body: RESTPostAPIGuildChannelJSONBody) =>
    await rest.post(Routes.guildChannels(GUILD), { body }) as APIChannel
  const category = await post({ name: 'Course', type: ChannelType.GuildCategory })
  const role = await rest.post(Routes.guildRoles(GUILD), { body: { name: 'Lab 1', permissions: '0', hoist: true } }) as APIRole
  const text = await post({
    name: 'lab-1',
    parent_id: category.id,
    topic: 'course:1',
    permission_overwrites: [{ id: GUILD, type: 0, deny: '1048576' }, { id: role.id, type: 0, allow: '1024' }],
  })
  const voice = await post({ name: 'Talk', type: ChannelType.GuildVoice })
  await rest.get(Routes.guildChannels(GUILD))
  await rest.patch(Routes.guildChannels(GUILD), { body: [{ id: voice.id, position: 0 }] })
  await rest.get(Routes.channel(text.id))
  await rest.patch(Routes.channel(text.id), { body: { topic: 'new topic' } })
  await rest.put(Routes.channelPermission(text.id, role.id), { body: { type: 0, allow: '1024', deny: '0' } })
  await rest.delete(Routes.channelPermission(text.id, role.id))

  await rest.get(Routes.guildRoles(GUILD))
  await rest.get(Routes.guildRole(GUILD, role.id))
  await rest.patch(Routes.guildRole(GUILD, role.id), { body: { name: 'Lab one', color: 0xFF0000 } })
  await rest.patch(Routes.guildRoles(GUILD), { body: [{ id: role.id, position: 1 }] })
  await rest.get(Routes.guildMembers(GUILD), { query: new URLSearchParams({ limit: '10' }) })
  await rest.put(Routes.guildMemberRole(GUILD, ada, role.id))
  await rest.get(Routes.guildMember(GUILD, ada))
  await rest.delete(Routes.guildMemberRole(GUILD, ada, role.id))
  await rest.patch(Routes.guildMember(GUILD, ada), { body: { nick: 'Ada L.' } })
  await rest.delete(Routes.guildMember(GUILD, ada))

  const invite = await rest.post(Routes.channelInvites(text.id), { body: { max_age: 0, unique: true } }) as { code: string }
  await rest.get(Routes.channelInvites(text.id))
  await rest.get(Routes.invite(invite.code))
  await rest.delete(Routes.invite(invite.code))
  const welcome = { content: 'Welcome', nonce: 'n1', enforce_nonce: true }
  const message = await rest.post(Routes.channelMessages(text.id), { body: welcome }) as APIMessage
  expect(await rest.get(Routes.channelMessages(text.id))).toMatchObject([{ id: message.id, content: 'Welcome' }])
  await rest.delete(Routes.guildRole(GUILD, role.id))
  await rest.delete(Routes.channel(voice.id))

  expect(discord.contract.operations.filter(operation => !discord.contract.seen.has(operation))).toEqual([])
})

it('conforms to Discord\'s API description in errors', async () => {
  const rest = discord.rest()
  expect(await rejection(discord.rest('wrong').get(Routes.user()))).toMatchObject({ status: 401, message: '401: Unauthorized' })
  expect(await rejection(rest.get(Routes.guild('1')))).toMatchObject({ status: 404, code: 10_004 })
  expect(await rejection(rest.post(Routes.guildChannels(GUILD), { body: { name: '', type: 99 } })))
    .toMatchObject({ status: 400, code: 50_035 })
  expect(await rejection(rest.post(Routes.guilds() as `/${string}`, { body: { name: 'New' } })))
    .toMatchObject({ status: 400, code: 20_001 })
})
