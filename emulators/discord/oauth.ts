import { Hono } from 'hono'
import type { Context } from 'hono'
import { html } from 'hono/html'
import { randomBytes } from 'node:crypto'
import { page } from '../core/page.ts'
import type { Html } from '../core/page.ts'
import type { App } from '../core/pipeline.ts'
import { DISCORD_CLIENT_ID, DISCORD_OWNER_ID } from '../defaults.ts'
import { addBot, createGuild } from './guilds.ts'
import type { DiscordBackend } from './backend.ts'
import type { Guild } from './records.ts'
import { snowflake } from './snowflake.ts'

/** The parameters of an install link. */
interface Install {
  permissions: bigint
  state: string | undefined
  redirect: URL | undefined
  guildId: string | undefined
  /** True when the user may only choose the server of the link. */
  isFixed: boolean
}

/**
 * The page on which a user adds the bot to a server.
 * https://discord.com/developers/docs/topics/oauth2#bot-authorization-flow
 */
export function oauthRoutes(backend: DiscordBackend): App {
  const app: App = new Hono()
  app.get('/oauth2/authorize', (c) => {
    const install = readInstall(c)
    return typeof install === 'string' ? errorPage(c, install) : c.html(form(backend, install))
  })
  app.post('/oauth2/authorize', async (c) => {
    const install = readInstall(c)
    if (typeof install === 'string') return errorPage(c, install)
    const body = await c.req.parseBody()
    const chosen = install.isFixed && install.guildId !== undefined ? install.guildId : String(body.guild ?? '')
    const guild = chosen === 'new' ? newGuild(backend, String(body.name ?? '')) : backend.store.guilds.get(chosen)
    if (guild === undefined) return errorPage(c, 'There is no such server.')
    backend.store.transaction(() => addBot(backend.store, guild.id, install.permissions))
    if (install.redirect === undefined) return c.html(done(guild))
    const answer = {
      code: randomBytes(15).toString('hex'),
      guild_id: guild.id,
      permissions: String(install.permissions),
      state: install.state,
    }
    for (const [name, value] of Object.entries(answer)) {
      if (value !== undefined) install.redirect.searchParams.set(name, value)
    }
    return c.redirect(install.redirect.toString())
  })
  return app
}

/** Reads the link. @returns its parameters, or a message that says what is wrong */
function readInstall(c: Context): Install | string {
  const { client_id = DISCORD_CLIENT_ID, scope = 'bot', permissions = '0', state, ...query } = c.req.query()
  const { redirect_uri, response_type, guild_id, disable_guild_select } = query
  if (client_id !== DISCORD_CLIENT_ID) return 'Unknown application.'
  if (!scope.split(/[ +]/).includes('bot')) return 'Only the scope "bot" is emulated.'
  if (!/^\d{1,20}$/.test(permissions)) return 'The permissions are not a number.'
  if (redirect_uri !== undefined && response_type !== 'code') return 'A redirect needs response_type=code.'
  const redirect = redirect_uri === undefined ? undefined : URL.parse(redirect_uri)
  if (redirect === null || (redirect && !['http:', 'https:'].includes(redirect.protocol))) return 'The redirect is not a web address.'
  return { permissions: BigInt(permissions), state, redirect, guildId: guild_id, isFixed: disable_guild_select === 'true' }
}

function newGuild(backend: DiscordBackend, asked: string): Guild {
  const name = asked.trim().slice(0, 100) || 'New server'
  return backend.store.transaction(() => createGuild(backend.store, { id: snowflake(), name, ownerId: DISCORD_OWNER_ID }))
}

function form(backend: DiscordBackend, { guildId, isFixed }: Install): Html {
  const own = backend.store.guilds.list(guild => guild.owner_id === DISCORD_OWNER_ID)
  const shown = isFixed && guildId !== undefined ? own.filter(guild => guild.id === guildId) : own
  const bot = backend.store.users.get(DISCORD_CLIENT_ID)?.username ?? ''
  const selected = guildId ?? shown[0]?.id
  return page(`Add ${bot}`, html`
<h1>Add ${bot} to a server</h1>
<form method="post">
${shown.map(guild => html`<label>
<input type="radio" name="guild" value="${guild.id}" ${guild.id === selected ? 'checked' : ''}> ${guild.name}
</label>`)}
${isFixed
  ? ''
  : html`<label>
<input type="radio" name="guild" value="new"> Create a new server:
<input name="name" maxlength="100" placeholder="My course">
</label>`}
<p><button type="submit">Authorise</button></p>
</form>`)
}

function done(guild: Guild): Html {
  return page('Authorised', html`<h1>Authorised</h1>
<p>The bot is in <a href="/channels/${guild.id}">${guild.name}</a> now. You can close this page.</p>`)
}

function errorPage(c: Context, reason: string) {
  return c.html(page('Not possible', html`<h1>Not possible</h1><p>${reason}</p>`), 400)
}
