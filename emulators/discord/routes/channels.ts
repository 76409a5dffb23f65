import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10'
import type { EarlyCall, Route } from '../../core/pipeline.ts'
import { empty, json } from '../../core/response.ts'
import { isObject } from '../../core/types.ts'
import { MAX_CHANNELS, channelForm, channelName } from '../channel-rules.ts'
import { tooManyChannels, unknownChannel } from '../errors.ts'
import { Form } from '../form.ts'
import { newChannel } from '../guilds.ts'
import type { DiscordCall, DiscordBackend, Identity } from '../backend.ts'
import { requireChannel, requireGuild } from '../backend.ts'
import { requireOverwritePermission, requireChannelPermission, requireGuildPermission } from '../permissions.ts'
import { channelBody } from '../serializers/channel.ts'
import type { Channel } from '../records.ts'
import { snowflake } from '../snowflake.ts'

const { ManageChannels, ManageRoles } = PermissionFlagsBits

/** Channels of a guild. */
export function channelRoutes(backend: DiscordBackend): Route<Identity>[] {
  const { store } = backend
  const one = {
    path: '/channels/:channel',
    subject: (call: EarlyCall) => store.channels.get(call.param('channel'))?.name ?? call.param('channel'),
  }
  return [
    {
      method: 'GET',
      path: '/guilds/:guild/channels',
      operation: 'list_guild_channels',
      handler: call => json(store.channelsOf(requireGuild(backend, call).id).map(channelBody)),
    },
    {
      method: 'POST',
      path: '/guilds/:guild/channels',
      operation: 'create_guild_channel',
      subject: call => channelName(String(call.body.name ?? ''), Number(call.body.type ?? 0)),
      handler: call => json(channelBody(create(backend, call)), 201),
    },
    {
      method: 'PATCH',
      path: '/guilds/:guild/channels',
      operation: 'bulk_update_guild_channels',
      handler: (call) => {
        move(backend, call)
        return empty()
      },
    },
    {
      ...one,
      method: 'GET',
      operation: 'get_channel',
      handler: (call) => {
        const channel = requireChannel(backend, call)
        requireChannelPermission(store, channel, call.identity.userId, 0n)
        return json(channelBody(channel))
      },
    },
    {
      ...one,
      method: 'PATCH',
      operation: 'update_channel',
      handler: (call) => {
        const channel = requireChannel(backend, call)
        const form = new Form(call.body)
        const needed = ManageChannels | (form.has('permission_overwrites') ? ManageRoles : 0n)
        requireChannelPermission(store, channel, call.identity.userId, needed)
        const changed = channelForm(store, form, channel)
        if (changed.permission_overwrites !== channel.permission_overwrites) {
          requireOverwritePermission(store, channel.guild_id, call.identity.userId, changed.permission_overwrites)
        }
        return json(channelBody(store.channels.set(channel.id, changed)))
      },
    },
    {
      ...one,
      method: 'DELETE',
      operation: 'delete_channel',
      handler: (call) => {
        const channel = requireChannel(backend, call)
        requireChannelPermission(store, channel, call.identity.userId, ManageChannels)
        store.transaction(() => remove(backend, channel))
        return json(channelBody(channel))
      },
    },
  ]
}

function create(backend: DiscordBackend, call: DiscordCall): Channel {
  const { store } = backend
  const guild = requireGuild(backend, call)
  const { userId } = call.identity
  requireGuildPermission(store, guild.id, userId, ManageChannels)
  const form = new Form(call.body).required('name')
  const all = store.channelsOf(guild.id)
  const fresh = newChannel({ id: '', guild_id: guild.id, type: ChannelType.GuildText, name: '', position: all.length })
  const channel = channelForm(store, form, fresh)
  const parent = channel.parent_id === null ? undefined : store.channels.get(channel.parent_id)
  if (parent) requireChannelPermission(store, parent, userId, ManageChannels)
  // A channel without its own overwrites gets those of its category.
  if (channel.permission_overwrites.length > 0) requireOverwritePermission(store, guild.id, userId, channel.permission_overwrites)
  else if (parent && !form.has('permission_overwrites')) channel.permission_overwrites = parent.permission_overwrites
  if (all.length >= MAX_CHANNELS) throw tooManyChannels(MAX_CHANNELS)
  const id = snowflake()
  return store.channels.set(id, { ...channel, id })
}

/** Deletes a channel. The channels of a deleted category stay in the guild, without a category. */
function remove(backend: DiscordBackend, channel: Channel): void {
  const { store } = backend
  for (const child of store.channels.list(other => other.parent_id === channel.id)) {
    store.channels.set(child.id, { ...child, parent_id: null })
  }
  for (const invite of store.invites.list(invite => invite.channel_id === channel.id)) store.invites.delete(invite.code)
  for (const message of store.messages.list(message => message.channel_id === channel.id)) store.messages.delete(message.id)
  store.channels.delete(channel.id)
}

function move(backend: DiscordBackend, call: DiscordCall): void {
  const { store } = backend
  const guild = requireGuild(backend, call)
  requireGuildPermission(store, guild.id, call.identity.userId, ManageChannels)
  const items = Array.isArray(call.body.items) ? call.body.items : []
  const changed = items.map((item) => {
    const body = isObject(item) ? item : {}
    const form = new Form(body)
    const channel = store.channels.get(form.required('id').snowflake('id') ?? '')
    form.check()
    if (channel === undefined || channel.guild_id !== guild.id) throw unknownChannel()
    const { position, parent_id } = body
    const moved = channelForm(store, new Form({ position, parent_id }), channel)
    const parent = body.lock_permissions === true && moved.parent_id !== null
      ? store.channels.get(moved.parent_id)
      : undefined
    return parent ? { ...moved, permission_overwrites: parent.permission_overwrites } : moved
  })
  store.transaction(() => changed.forEach(channel => store.channels.set(channel.id, channel)))
}
