import type { Route } from '../../core/pipeline.ts'
import { json } from '../../core/response.ts'
import { DISCORD_OWNER_ID } from '../../defaults.ts'
import { botsCannot, unknownUser } from '../errors.ts'
import type { DiscordBackend, Identity } from '../backend.ts'
import { requireId } from '../backend.ts'
import { partialGuild, userBody } from '../serializers/guild.ts'
import type { User } from '../records.ts'

/** The bot, its application and its guilds. */
export function userRoutes(backend: DiscordBackend): Route<Identity>[] {
  const { store } = backend
  return [
    {
      method: 'GET',
      path: '/users/@me',
      operation: 'get_my_user',
      handler: call => json({
        ...userBody(requireUser(backend, call.identity.userId)),
        mfa_enabled: false,
        locale: 'en-US',
        verified: true,
        email: null,
        bio: '',
      }),
    },
    {
      method: 'GET',
      path: '/users/@me/guilds',
      operation: 'list_my_guilds',
      handler: (call) => {
        const limit = Math.min(200, Math.max(1, Number(call.query('limit')) || 200))
        const after = BigInt(/^\d+$/.exec(call.query('after') ?? '')?.[0] ?? 0)
        const guilds = store.guilds.list(guild => BigInt(guild.id) > after && store.member(guild.id, call.identity.userId) !== undefined)
        return json(guilds.slice(0, limit).map(guild => partialGuild(store, guild, call.identity.userId)))
      },
    },
    {
      method: 'GET',
      path: '/users/:user',
      operation: 'get_user',
      handler: call => json(userBody(requireUser(backend, requireId(call, 'user')))),
    },
    {
      method: 'GET',
      path: '/applications/@me',
      operation: 'get_my_application',
      handler: call => json(application(backend, call.identity.userId)),
    },
    {
      method: 'GET',
      path: '/oauth2/applications/@me',
      operation: 'get_my_oauth2_application',
      handler: call => json(application(backend, call.identity.userId)),
    },
    {
      // Discord removed this operation on 15 July 2025. The error is its last answer to bots.
      method: 'POST',
      path: '/guilds',
      operation: 'create_guild',
      subject: call => String(call.body.name ?? ''),
      handler: () => {
        throw botsCannot()
      },
    },
  ]
}

function requireUser(backend: DiscordBackend, id: string): User {
  const user = backend.store.users.get(id)
  if (user === undefined) throw unknownUser()
  return user
}

function application(backend: DiscordBackend, botId: string): object {
  const bot = requireUser(backend, botId)
  return {
    id: bot.id,
    name: bot.username,
    icon: null,
    description: '',
    type: null,
    bot: userBody(bot),
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    flags: 0,
    flags_new: '0',
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    owner: userBody(requireUser(backend, DISCORD_OWNER_ID)),
    approximate_guild_count: backend.store.guilds.list(guild => backend.store.member(guild.id, bot.id) !== undefined).length,
    approximate_user_install_count: 0,
    approximate_user_authorization_count: 0,
    explicit_content_filter: 0,
    team: null,
    eligible_oauth2_scopes: ['bot', 'identify', 'guilds', 'guilds.join'],
  }
}
