import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { list, page } from '../core/page.ts'
import type { Html } from '../core/page.ts'
import type { App } from '../core/pipeline.ts'
import type { DiscordBackend } from './backend.ts'
import type { Channel, Guild } from './records.ts'
import type { Store } from './store.ts'

const MESSAGES_SHOWN = 50

/** Web pages of the guilds, at the paths of Discord's own client. */
export function pageRoutes(backend: DiscordBackend): App {
  const app: App = new Hono()
  const { store } = backend
  app.on('GET', ['/', '/channels/@me'], c => c.html(page('Servers', html`<h1>Servers</h1>
${list(store.guilds.list().map(guild => html`<a href="/channels/${guild.id}">${guild.name}</a>`), 'No server yet.')}
<p><a href="/oauth2/authorize">Add the bot to a server</a></p>`)))

  app.on('GET', ['/channels/:guild', '/channels/:guild/:channel'], (c) => {
    const guild = store.guilds.get(c.req.param('guild'))
    const id = c.req.param('channel')
    const channel = id === undefined ? undefined : store.channels.get(id)
    if (guild === undefined || (id !== undefined && channel?.guild_id !== guild.id)) {
      return c.html(page('Not found', html`<h1>Not found</h1><p><a href="/">All servers</a></p>`), 404)
    }
    return c.html(channel ? channelView(store, guild, channel) : guildView(store, guild))
  })
  return app
}

function guildView(store: Store, guild: Guild): Html {
  const channels = store.channelsOf(guild.id).sort((a, b) => a.position - b.position)
  const below = (parent: string | null) =>
    channels.filter(channel => channel.parent_id === parent && channel.type !== ChannelType.GuildCategory)
  const line = (channel: Channel) => html`<a href="/channels/${guild.id}/${channel.id}">${label(channel)}</a>
  <small>${visibility(store, channel)}${channel.topic ? ` · ${channel.topic}` : ''}</small>`
  const categories = channels.filter(channel => channel.type === ChannelType.GuildCategory)
  const roles = store.rolesOf(guild.id).reverse()
  const members = store.members.list(member => member.guild_id === guild.id)
  return page(guild.name, html`
<h1>${guild.name}</h1>
<h2>Channels</h2>
${list([
  ...below(null).map(line),
  ...categories.map(category => html`<strong>${category.name}</strong> <small>${visibility(store, category)}</small>
${list(below(category.id).map(line), 'No channel in it.')}`),
], 'No channel yet.')}
<h2>Roles</h2>
${list(roles.map(role => html`${role.name} <small>${members.filter(member => member.roles.includes(role.id)).length} member(s)</small>
  ${role.managed ? html`<span class="badge">managed</span>` : ''}`), 'No role.')}
<h2>Members</h2>
${list(members.map(member => html`${store.users.get(member.user_id)?.username ?? member.user_id}
  <small>${member.roles.map(id => store.roles.get(id)?.name ?? id).join(', ')}</small>`), 'No member.')}`)
}

function channelView(store: Store, guild: Guild, channel: Channel): Html {
  const messages = store.messages.list(message => message.channel_id === channel.id).slice(-MESSAGES_SHOWN)
  return page(channel.name, html`
<h1><a href="/channels/${guild.id}">${guild.name}</a> / ${label(channel)}</h1>
<p>${channel.topic ?? ''}</p>
<p><small>${visibility(store, channel)}</small></p>
<h2>Messages</h2>
${list(messages.map(message => html`<strong>${store.users.get(message.author_id)?.username ?? ''}</strong> ${message.content}
  <small>${message.timestamp}</small>`), 'No message yet.')}`)
}

function label({ type, name }: Channel): string {
  if (type === ChannelType.GuildCategory) return name
  return type === ChannelType.GuildVoice || type === ChannelType.GuildStageVoice ? `🔊 ${name}` : `#${name}`
}

/** Describes the users that can see a channel. */
function visibility(store: Store, channel: Channel): string {
  const { ViewChannel } = PermissionFlagsBits
  const everyone = channel.permission_overwrites.find(overwrite => overwrite.id === channel.guild_id)
  if (!everyone || !(BigInt(everyone.deny) & ViewChannel)) return 'everyone'
  const named = channel.permission_overwrites.filter(({ id, allow }) => id !== channel.guild_id && BigInt(allow) & ViewChannel)
    .map(({ id }) => store.roles.get(id)?.name ?? store.users.get(id)?.username ?? id)
  return named.length === 0 ? 'administrators only' : `only ${named.join(', ')}`
}
