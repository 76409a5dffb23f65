import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10'
import type { EarlyCall, Route } from '../../core/pipeline.ts'
import { json } from '../../core/refusal.ts'
import { emptyMessage, unknownMessage, wrongChannelType } from '../errors.ts'
import { Form } from '../form.ts'
import type { DiscordCall, Hub, Identity } from '../hub.ts'
import { channelOf, idOf } from '../hub.ts'
import { needInChannel } from '../permissions.ts'
import { messageBody } from '../present/channel.ts'
import type { Message } from '../records.ts'
import { snowflake } from '../snowflake.ts'

const { SendMessages, ReadMessageHistory } = PermissionFlagsBits
const LONGEST = 2000
const NONCE_LIFE_MS = 5 * 60_000

/** Messages of a channel: text only. */
export function messageRoutes(hub: Hub): Route<Identity>[] {
  const { store } = hub
  const ofChannel = {
    path: '/channels/:channel/messages',
    subject: (call: EarlyCall) => store.channels.get(call.param('channel'))?.name ?? call.param('channel'),
  }
  return [
    {
      ...ofChannel,
      method: 'GET',
      operation: 'list_messages',
      handler: call => json(list(hub, call).map(message => messageBody(store, message))),
    },
    {
      ...ofChannel,
      method: 'POST',
      operation: 'create_message',
      handler: call => json(messageBody(store, create(hub, call))),
    },
    {
      method: 'GET',
      path: '/channels/:channel/messages/:message',
      operation: 'get_message',
      handler: (call) => {
        const channel = channelOf(hub, call)
        needInChannel(store, channel, call.identity.userId, ReadMessageHistory)
        const message = store.messages.get(idOf(call, 'message'))
        if (message?.channel_id !== channel.id) throw unknownMessage()
        return json(messageBody(store, message))
      },
    },
  ]
}

/** Newest first. */
function list(hub: Hub, call: DiscordCall): Message[] {
  const channel = channelOf(hub, call)
  needInChannel(hub.store, channel, call.identity.userId, 0n)
  const form = new Form({ limit: call.query('limit'), before: call.query('before'), after: call.query('after') })
  const limit = form.integer('limit', 1, 100) ?? 50
  const before = form.snowflake('before')
  const after = form.snowflake('after')
  form.check()
  const messages = hub.store.messages.list(({ channel_id, id }) => channel_id === channel.id
    && (before === undefined || BigInt(id) < BigInt(before)) && (after === undefined || BigInt(id) > BigInt(after)))
  return after === undefined ? messages.reverse().slice(0, limit) : messages.slice(0, limit).reverse()
}

function create(hub: Hub, call: DiscordCall): Message {
  const { store } = hub
  const channel = channelOf(hub, call)
  needInChannel(store, channel, call.identity.userId, SendMessages)
  if (channel.type === ChannelType.GuildCategory) throw wrongChannelType()
  const form = new Form(call.body)
  const content = form.string('content', 0, LONGEST) ?? ''
  const enforced = form.boolean('enforce_nonce') ?? false
  form.check()
  if (content === '') throw emptyMessage()
  const nonce = typeof call.body.nonce === 'string' || typeof call.body.nonce === 'number' ? call.body.nonce : null
  const same = enforced && nonce !== null
    ? store.messages.list(message => message.channel_id === channel.id && message.nonce === nonce && Date.parse(message.timestamp) > Date.now() - NONCE_LIFE_MS)[0]
    : undefined
  if (same) return same
  const id = snowflake()
  const message: Message = {
    id, channel_id: channel.id, author_id: call.identity.userId, content, nonce, timestamp: new Date().toISOString(), edited_timestamp: null,
  }
  store.together(() => {
    store.messages.set(id, message)
    store.channels.set(channel.id, { ...channel, last_message_id: id })
  })
  return message
}
