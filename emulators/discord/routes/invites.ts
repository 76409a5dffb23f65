import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10'
import { randomBytes } from 'node:crypto'
import type { EarlyCall, Route } from '../../core/pipeline.ts'
import { json } from '../../core/refusal.ts'
import { unknownInvite, wrongChannelType } from '../errors.ts'
import { Form } from '../form.ts'
import type { DiscordCall, Hub, Identity } from '../hub.ts'
import { channelOf, guildOf } from '../hub.ts'
import { needInChannel, needInGuild } from '../permissions.ts'
import { expiry, inviteBody } from '../present/channel.ts'
import type { Invite } from '../records.ts'

const { CreateInstantInvite, ManageChannels, ManageGuild } = PermissionFlagsBits
const DAY = 86_400
const SEVERAL_DAYS = 60 * DAY

/** Invites to a guild, by channel. */
export function inviteRoutes(hub: Hub): Route<Identity>[] {
  const { store } = hub
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
        const channel = channelOf(hub, call)
        needInChannel(store, channel, call.identity.userId, ManageChannels)
        return json(living(hub, invite => invite.channel_id === channel.id).map(invite => inviteBody(store, invite)))
      },
    },
    {
      ...ofChannel,
      method: 'POST',
      operation: 'create_channel_invite',
      handler: call => json(inviteBody(store, create(hub, call))),
    },
    {
      method: 'GET',
      path: '/guilds/:guild/invites',
      operation: 'list_guild_invites',
      handler: (call) => {
        const guild = guildOf(hub, call)
        needInGuild(store, guild.id, call.identity.userId, ManageGuild)
        return json(living(hub, invite => invite.guild_id === guild.id).map(invite => inviteBody(store, invite)))
      },
    },
    {
      ...one,
      method: 'GET',
      operation: 'invite_resolve',
      handler: call => json(inviteBody(store, inviteOf(hub, call))),
    },
    {
      ...one,
      method: 'DELETE',
      operation: 'invite_revoke',
      handler: (call) => {
        const invite = inviteOf(hub, call)
        const channel = store.channels.get(invite.channel_id)
        if (channel) needInChannel(store, channel, call.identity.userId, ManageChannels)
        store.invites.delete(invite.code)
        return json(inviteBody(store, invite))
      },
    },
  ]
}

function living(hub: Hub, fits: (invite: Invite) => boolean): Invite[] {
  return hub.store.invites.list(fits).filter(invite => (expiry(invite)?.getTime() ?? Infinity) > Date.now())
}

function inviteOf(hub: Hub, call: DiscordCall): Invite {
  const invite = living(hub, invite => invite.code === call.param('code'))[0]
  if (invite === undefined) throw unknownInvite()
  return invite
}

function create(hub: Hub, call: DiscordCall): Invite {
  const channel = channelOf(hub, call)
  needInChannel(hub.store, channel, call.identity.userId, CreateInstantInvite)
  if (channel.type === ChannelType.GuildCategory) throw wrongChannelType()
  const form = new Form(call.body)
  const max_age = form.integer('max_age', 0, SEVERAL_DAYS) ?? DAY
  const max_uses = form.integer('max_uses', 0, 100) ?? 0
  const temporary = form.boolean('temporary') ?? false
  const unique = form.boolean('unique') ?? false
  form.check()
  const wanted = { channel_id: channel.id, inviter_id: call.identity.userId, max_age, max_uses, temporary }
  // Unless asked for a new one, Discord answers with an invite that is the same already.
  const same = unique ? undefined : living(hub, invite => Object.entries(wanted).every(([key, value]) => invite[key as keyof Invite] === value))[0]
  if (same) return same
  const code = randomBytes(6).toString('base64url').replace(/[-_]/g, 'x')
  return hub.store.invites.set(code, { ...wanted, code, guild_id: channel.guild_id, uses: 0, created_at: new Date().toISOString() })
}
