import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10'
import { randomBytes } from 'node:crypto'
import type { EarlyCall, Route } from '../../core/pipeline.ts'
import { json } from '../../core/response.ts'
import { unknownInvite, wrongChannelType } from '../errors.ts'
import { Form } from '../form.ts'
import type { DiscordCall, DiscordBackend, Identity } from '../backend.ts'
import { requireChannel, requireGuild } from '../backend.ts'
import { requireChannelPermission, requireGuildPermission } from '../permissions.ts'
import { expiry, inviteBody } from '../serializers/channel.ts'
import type { Invite } from '../records.ts'

const { CreateInstantInvite, ManageChannels, ManageGuild } = PermissionFlagsBits
const DAY = 86_400
const MAX_AGE = 60 * DAY

/** Invites to a guild, by channel. */
export function inviteRoutes(backend: DiscordBackend): Route<Identity>[] {
  const { store } = backend
  const ofChannel = {
    path: '/channels/:channel/invites',
    subject: (call: EarlyCall) => store.channels.get(call.param('channel'))?.name ?? call.param('channel'),
  }
  const one = { path: '/invites/:code', subject: (call: EarlyCall) => call.param('code') }
  return [
    {
      ...ofChannel,
      method: 'GET',
      operation: 'list_channel_invites',
      handler: (call) => {
        const channel = requireChannel(backend, call)
        requireChannelPermission(store, channel, call.identity.userId, ManageChannels)
        return json(valid(backend, invite => invite.channel_id === channel.id).map(invite => inviteBody(store, invite)))
      },
    },
    {
      ...ofChannel,
      method: 'POST',
      operation: 'create_channel_invite',
      handler: call => json(inviteBody(store, create(backend, call))),
    },
    {
      method: 'GET',
      path: '/guilds/:guild/invites',
      operation: 'list_guild_invites',
      handler: (call) => {
        const guild = requireGuild(backend, call)
        requireGuildPermission(store, guild.id, call.identity.userId, ManageGuild)
        return json(valid(backend, invite => invite.guild_id === guild.id).map(invite => inviteBody(store, invite)))
      },
    },
    {
      ...one,
      method: 'GET',
      operation: 'invite_resolve',
      handler: call => json(inviteBody(store, requireInvite(backend, call))),
    },
    {
      ...one,
      method: 'DELETE',
      operation: 'invite_revoke',
      handler: (call) => {
        const invite = requireInvite(backend, call)
        const channel = store.channels.get(invite.channel_id)
        if (channel) requireChannelPermission(store, channel, call.identity.userId, ManageChannels)
        store.invites.delete(invite.code)
        return json(inviteBody(store, invite))
      },
    },
  ]
}

function valid(backend: DiscordBackend, matches: (invite: Invite) => boolean): Invite[] {
  return backend.store.invites.list(matches).filter(invite => (expiry(invite)?.getTime() ?? Infinity) > Date.now())
}

function requireInvite(backend: DiscordBackend, call: DiscordCall): Invite {
  const invite = valid(backend, invite => invite.code === call.param('code'))[0]
  if (invite === undefined) throw unknownInvite()
  return invite
}

function create(backend: DiscordBackend, call: DiscordCall): Invite {
  const channel = requireChannel(backend, call)
  requireChannelPermission(backend.store, channel, call.identity.userId, CreateInstantInvite)
  if (channel.type === ChannelType.GuildCategory) throw wrongChannelType()
  const form = new Form(call.body)
  const max_age = form.integer('max_age', 0, MAX_AGE) ?? DAY
  const max_uses = form.integer('max_uses', 0, 100) ?? 0
  const temporary = form.boolean('temporary') ?? false
  const unique = form.boolean('unique') ?? false
  form.check()
  const wanted = { channel_id: channel.id, inviter_id: call.identity.userId, max_age, max_uses, temporary }
  // Discord reuses an identical invite unless the call asks for a unique one.
  const isIdentical = (invite: Invite) =>
    Object.entries(wanted).every(([key, value]) => invite[key as keyof Invite] === value)
  const identical = unique ? undefined : valid(backend, isIdentical)[0]
  if (identical) return identical
  const code = randomBytes(6).toString('base64url').replace(/[-_]/g, 'x')
  return backend.store.invites.set(code, { ...wanted, code, guild_id: channel.guild_id, uses: 0, created_at: new Date().toISOString() })
}
