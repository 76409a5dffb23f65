import { PermissionFlagsBits } from 'discord-api-types/v10'
import type { EarlyCall, Route } from '../../core/pipeline.ts'
import { empty } from '../../core/response.ts'
import { overwriteTargetExists } from '../channel-rules.ts'
import { unknownOverwrite } from '../errors.ts'
import { Form } from '../form.ts'
import type { DiscordBackend, Identity } from '../backend.ts'
import { requireChannel, requireId } from '../backend.ts'
import { requireOverwritePermission, requireChannelPermission } from '../permissions.ts'

const { ManageRoles } = PermissionFlagsBits

/** Permission overwrites of a channel. */
export function overwriteRoutes(backend: DiscordBackend): Route<Identity>[] {
  const { store } = backend
  const one = {
    path: '/channels/:channel/permissions/:overwrite',
    subject: (call: EarlyCall) => store.channels.get(call.param('channel'))?.name ?? call.param('channel'),
  }
  return [
    {
      ...one,
      method: 'PUT',
      operation: 'set_channel_permission_overwrite',
      handler: (call) => {
        const channel = requireChannel(backend, call)
        requireChannelPermission(store, channel, call.identity.userId, ManageRoles)
        const id = requireId(call, 'overwrite')
        const form = new Form(call.body)
        const overwrite = { id, ...form.overwrite() }
        form.check()
        if (!overwriteTargetExists(store, channel.guild_id, id, overwrite.type)) throw unknownOverwrite()
        requireOverwritePermission(store, channel.guild_id, call.identity.userId, [overwrite])
        const others = channel.permission_overwrites.filter(other => other.id !== id)
        store.channels.set(channel.id, { ...channel, permission_overwrites: [...others, overwrite] })
        return empty()
      },
    },
    {
      ...one,
      method: 'DELETE',
      operation: 'delete_channel_permission_overwrite',
      handler: (call) => {
        const channel = requireChannel(backend, call)
        requireChannelPermission(store, channel, call.identity.userId, ManageRoles)
        const id = requireId(call, 'overwrite')
        const others = channel.permission_overwrites.filter(other => other.id !== id)
        if (others.length === channel.permission_overwrites.length) throw unknownOverwrite()
        store.channels.set(channel.id, { ...channel, permission_overwrites: others })
        return empty()
      },
    },
  ]
}
