import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10'
import type { EarlyCall, Route } from '../../core/pipeline.ts'
import { empty, json } from '../../core/refusal.ts'
import { isObject } from '../../core/types.ts'
import { MOST_CHANNELS, channelForm, channelName } from '../channel-rules.ts'
import { tooManyChannels, unknownChannel } from '../errors.ts'
import { Form } from '../form.ts'
import { newChannel } from '../guilds.ts'
import type { DiscordCall, Hub, Identity } from '../hub.ts'
import { channelOf, guildOf } from '../hub.ts'
import { needForOverwrites, needInChannel, needInGuild } from '../permissions.ts'
import { channelBody } from '../present/channel.ts'
import type { Channel } from '../records.ts'
import { snowflake } from '../snowflake.ts'

const { ManageChannels, ManageRoles } = PermissionFlagsBits

/** Channels of a guild. */
export function channelRoutes(hub: Hub): Route<Identity>[] {
  const { store } = hub
  const one = { path: '/channels/:channel', subject: (call: EarlyCall) => store.channels.get(call.param('channel'))?.name ?? call.param('channel') }
  return [
    {
      method: 'GET',
      path: '/guilds/:guild/channels',
      operation: 'list_guild_channels',
      handler: call => json(store.channelsOf(guildOf(hub, call).id).map(channelBody)),
    },
    {
      method: 'POST',
      path: '/guilds/:guild/channels',
      operation: 'create_guild_channel',
      subject: call => channelName(String(call.body.name ?? ''), Number(call.body.type ?? 0)),
      handler: call => json(channelBody(create(hub, call)), 201),
    },
    {
      method: 'PATCH',
      path: '/guilds/:guild/channels',
      operation: 'bulk_update_guild_channels',
      handler: (call) => {
        move(hub, call)
        return empty()
      },
    },
    {
      ...one,
      method: 'GET',
      operation: 'get_channel',
      handler: (call) => {
        const channel = channelOf(hub, call)
        needInChannel(store, channel, call.identity.userId, 0n)
        return json(channelBody(channel))
      },
    },
    {
      ...one,
      method: 'PATCH',
      operation: 'update_channel',
      handler: (call) => {
        const channel = channelOf(hub, call)
        const form = new Form(call.body)
        needInChannel(store, channel, call.identity.userId, ManageChannels | (form.has('permission_overwrites') ? ManageRoles : 0n))
        const changed = channelForm(store, form, channel)
        if (changed.permission_overwrites !== channel.permission_overwrites) {
          needForOverwrites(store, channel.guild_id, call.identity.userId, changed.permission_overwrites)
        }
        return json(channelBody(store.channels.set(channel.id, changed)))
      },
    },
    {
      ...one,
      method: 'DELETE',
      operation: 'delete_channel',
      handler: (call) => {
        const channel = channelOf(hub, call)
        needInChannel(store, channel, call.identity.userId, ManageChannels)
        store.together(() => remove(hub, channel))
        return json(channelBody(channel))
      },
    },
  ]
}

function create(hub: Hub, call: DiscordCall): Channel {
  const { store } = hub
  const guild = guildOf(hub, call)
  const { userId } = call.identity
  needInGuild(store, guild.id, userId, ManageChannels)
  const form = new Form(call.body).required('name')
  const all = store.channelsOf(guild.id)
  const fresh = newChannel({ id: '', guild_id: guild.id, type: ChannelType.GuildText, name: '', position: all.length })
  const channel = channelForm(store, form, fresh)
  const parent = channel.parent_id === null ? undefined : store.channels.get(channel.parent_id)
  if (parent) needInChannel(store, parent, userId, ManageChannels)
  // Without overwrites of its own a channel takes those of its category.
  if (channel.permission_overwrites.length > 0) needForOverwrites(store, guild.id, userId, channel.permission_overwrites)
  else if (parent && !form.has('permission_overwrites')) channel.permission_overwrites = parent.permission_overwrites
  if (all.length >= MOST_CHANNELS) throw tooManyChannels(MOST_CHANNELS)
  const id = snowflake()
  return store.channels.set(id, { ...channel, id })
}

/** A deleted category leaves its channels in the guild, outside of any. */
function remove(hub: Hub, channel: Channel): void {
  const { store } = hub
  for (const child of store.channels.list(other => other.parent_id === channel.id)) store.channels.set(child.id, { ...child, parent_id: null })
  for (const invite of store.invites.list(invite => invite.channel_id === channel.id)) store.invites.delete(invite.code)
  for (const message of store.messages.list(message => message.channel_id === channel.id)) store.messages.delete(message.id)
  store.channels.delete(channel.id)
}

function move(hub: Hub, call: DiscordCall): void {
  const { store } = hub
  const guild = guildOf(hub, call)
  needInGuild(store, guild.id, call.identity.userId, ManageChannels)
  const items = Array.isArray(call.body.items) ? call.body.items : []
  const changed = items.map((item) => {
    const body = isObject(item) ? item : {}
    const form = new Form(body)
    const channel = store.channels.get(form.required('id').snowflake('id') ?? '')
    form.check()
    if (channel === undefined || channel.guild_id !== guild.id) throw unknownChannel()
    const { position, parent_id } = body
    const moved = channelForm(store, new Form({ position, parent_id }), channel)
    const parent = body.lock_permissions === true && moved.parent_id !== null ? store.channels.get(moved.parent_id) : undefined
    return parent ? { ...moved, permission_overwrites: parent.permission_overwrites } : moved
  })
  store.together(() => changed.forEach(channel => store.channels.set(channel.id, channel)))
}
