import { PermissionFlagsBits } from 'discord-api-types/v10'
import type { EarlyCall, Route } from '../../core/pipeline.ts'
import { empty } from '../../core/refusal.ts'
import { overwriteTarget } from '../channel-rules.ts'
import { unknownOverwrite } from '../errors.ts'
import { Form } from '../form.ts'
import type { Hub, Identity } from '../hub.ts'
import { channelOf, idOf } from '../hub.ts'
import { needForOverwrites, needInChannel } from '../permissions.ts'

const { ManageRoles } = PermissionFlagsBits

/** Who may do what in one channel. */
export function overwriteRoutes(hub: Hub): Route<Identity>[] {
  const { store } = hub
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
        const channel = channelOf(hub, call)
        needInChannel(store, channel, call.identity.userId, ManageRoles)
        const id = idOf(call, 'overwrite')
        const form = new Form(call.body)
        const overwrite = { id, ...form.overwrite() }
        form.check()
        if (!overwriteTarget(store, channel.guild_id, id, overwrite.type)) throw unknownOverwrite()
        needForOverwrites(store, channel.guild_id, call.identity.userId, [overwrite])
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
        const channel = channelOf(hub, call)
        needInChannel(store, channel, call.identity.userId, ManageRoles)
        const id = idOf(call, 'overwrite')
        const others = channel.permission_overwrites.filter(other => other.id !== id)
        if (others.length === channel.permission_overwrites.length) throw unknownOverwrite()
        store.channels.set(channel.id, { ...channel, permission_overwrites: others })
        return empty()
      },
    },
  ]
}
