import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10'
import type { EarlyCall, Route } from '../../core/pipeline.ts'
import { json } from '../../core/response.ts'
import { emptyMessage, unknownMessage, wrongChannelType } from '../errors.ts'
import { Form } from '../form.ts'
import type { DiscordCall, DiscordBackend, Identity } from '../backend.ts'
import { requireChannel, requireId } from '../backend.ts'
import { requireChannelPermission } from '../permissions.ts'
import { messageBody } from '../serializers/channel.ts'
import type { Message } from '../records.ts'
import { snowflake } from '../snowflake.ts'

const { SendMessages, ReadMessageHistory } = PermissionFlagsBits
const MAX_LENGTH = 2000
const NONCE_LIFETIME_MS = 5 * 60_000

/** Text messages of a channel. */
export function messageRoutes(backend: DiscordBackend): Route<Identity>[] {
  const { store } = backend
  const ofChannel = {
    path: '/channels/:channel/messages',
    subject: (call: EarlyCall) => store.channels.get(call.param('channel'))?.name ?? call.param('channel'),
  }
  return [
    {
      ...ofChannel,
      method: 'GET',
      operation: 'list_messages',
      handler: call => json(list(backend, call).map(message => messageBody(store, message))),
    },
    {
      ...ofChannel,
      method: 'POST',
      operation: 'create_message',
      handler: call => json(messageBody(store, create(backend, call))),
    },
    {
      method: 'GET',
      path: '/channels/:channel/messages/:message',
      operation: 'get_message',
      handler: (call) => {
        const channel = requireChannel(backend, call)
        requireChannelPermission(store, channel, call.identity.userId, ReadMessageHistory)
        const message = store.messages.get(requireId(call, 'message'))
        if (message?.channel_id !== channel.id) throw unknownMessage()
        return json(messageBody(store, message))
      },
    },
  ]
}

/** Messages of the channel, newest first. */
function list(backend: DiscordBackend, call: DiscordCall): Message[] {
  const channel = requireChannel(backend, call)
  requireChannelPermission(backend.store, channel, call.identity.userId, 0n)
  const form = new Form({ limit: call.query('limit'), before: call.query('before'), after: call.query('after') })
  const limit = form.integer('limit', 1, 100) ?? 50
  const before = form.snowflake('before')
  const after = form.snowflake('after')
  form.check()
  const messages = backend.store.messages.list(({ channel_id, id }) => channel_id === channel.id
    && (before === undefined || BigInt(id) < BigInt(before)) && (after === undefined || BigInt(id) > BigInt(after)))
  return after === undefined ? messages.reverse().slice(0, limit) : messages.slice(0, limit).reverse()
}

function create(backend: DiscordBackend, call: DiscordCall): Message {
  const { store } = backend
  const channel = requireChannel(backend, call)
  requireChannelPermission(store, channel, call.identity.userId, SendMessages)
  if (channel.type === ChannelType.GuildCategory) throw wrongChannelType()
  const form = new Form(call.body)
  const content = form.string('content', 0, MAX_LENGTH) ?? ''
  const isNonceEnforced = form.boolean('enforce_nonce') ?? false
  form.check()
  if (content === '') throw emptyMessage()
  const nonce = typeof call.body.nonce === 'string' || typeof call.body.nonce === 'number' ? call.body.nonce : null
  const isDuplicate = (message: Message) => message.channel_id === channel.id && message.nonce === nonce
    && Date.parse(message.timestamp) > Date.now() - NONCE_LIFETIME_MS
  const duplicate = isNonceEnforced && nonce !== null ? store.messages.list(isDuplicate)[0] : undefined
  if (duplicate) return duplicate
  const id = snowflake()
  const message: Message = {
    id,
    channel_id: channel.id,
    author_id: call.identity.userId,
    content,
    nonce,
    timestamp: new Date().toISOString(),
    edited_timestamp: null,
  }
  store.transaction(() => {
    store.messages.set(id, message)
    store.channels.set(channel.id, { ...channel, last_message_id: id })
  })
  return message
}
