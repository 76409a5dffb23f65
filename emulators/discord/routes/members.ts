import { PermissionFlagsBits } from 'discord-api-types/v10'
import type { EarlyCall, Route } from '../../core/pipeline.ts'
import { empty, json } from '../../core/response.ts'
import { invalidRole, missingPermissions, unknownMember } from '../errors.ts'
import { Form } from '../form.ts'
import { leave } from '../guilds.ts'
import type { DiscordCall, DiscordBackend, Identity } from '../backend.ts'
import { requireGuild, requireId, requireRole } from '../backend.ts'
import { highestPosition, requireGuildPermission } from '../permissions.ts'
import { memberBody } from '../serializers/guild.ts'
import type { Guild, Member, Role } from '../records.ts'

const { ManageRoles, ManageNicknames, KickMembers } = PermissionFlagsBits

/** Members of a guild and their roles. */
export function memberRoutes(backend: DiscordBackend): Route<Identity>[] {
  const { store } = backend
  const subject = (call: EarlyCall) => store.users.get(call.param('user'))?.username ?? call.param('user')
  const member = { path: '/guilds/:guild/members/:user', subject }
  const memberRole = {
    path: '/guilds/:guild/members/:user/roles/:role',
    subject: (call: EarlyCall) => store.roles.get(call.param('role'))?.name ?? call.param('role'),
  }
  return [
    {
      method: 'GET',
      path: '/guilds/:guild/members',
      operation: 'list_guild_members',
      handler: (call) => {
        const guild = requireGuild(backend, call)
        const form = new Form({ limit: call.query('limit'), after: call.query('after') })
        const limit = form.integer('limit', 1, 1000) ?? 1
        const after = BigInt(form.snowflake('after') ?? 0)
        form.check()
        const members = store.members.list(member => member.guild_id === guild.id && BigInt(member.user_id) > after)
          .sort((a, b) => BigInt(a.user_id) < BigInt(b.user_id) ? -1 : 1)
        return json(members.slice(0, limit).map(member => memberBody(store, member)))
      },
    },
    {
      ...member,
      method: 'GET',
      operation: 'get_guild_member',
      handler: call => json(memberBody(store, requireMember(backend, call, requireGuild(backend, call)))),
    },
    {
      ...member,
      method: 'PATCH',
      operation: 'update_guild_member',
      handler: call => json(memberBody(store, update(backend, call))),
    },
    {
      ...member,
      method: 'DELETE',
      operation: 'delete_guild_member',
      handler: (call) => {
        const guild = requireGuild(backend, call)
        requireGuildPermission(store, guild.id, call.identity.userId, KickMembers)
        const { user_id } = requireMember(backend, call, guild)
        const botPosition = highestPosition(store, guild.id, call.identity.userId)
        if (highestPosition(store, guild.id, user_id) >= botPosition) throw missingPermissions()
        store.transaction(() => leave(store, guild.id, user_id))
        return empty()
      },
    },
    {
      ...memberRole,
      method: 'PUT',
      operation: 'add_guild_member_role',
      handler: (call) => {
        const { member, role } = requireAssignable(backend, call)
        store.setMember({ ...member, roles: [...new Set([...member.roles, role.id])] })
        return empty()
      },
    },
    {
      ...memberRole,
      method: 'DELETE',
      operation: 'delete_guild_member_role',
      handler: (call) => {
        const { member, role } = requireAssignable(backend, call)
        store.setMember({ ...member, roles: member.roles.filter(id => id !== role.id) })
        return empty()
      },
    },
  ]
}

function requireMember(backend: DiscordBackend, call: DiscordCall, guild: Guild): Member {
  const id = call.param('user') === '@me' ? call.identity.userId : requireId(call, 'user')
  const member = backend.store.member(guild.id, id)
  if (member === undefined) throw unknownMember()
  return member
}

/** The member and role of the path. @throws HttpError if the bot may not assign the role */
function requireAssignable(backend: DiscordBackend, call: DiscordCall): { member: Member, role: Role } {
  const guild = requireGuild(backend, call)
  requireGuildPermission(backend.store, guild.id, call.identity.userId, ManageRoles)
  const member = requireMember(backend, call, guild)
  const role = requireRole(backend, call, guild)
  checkAssignable(backend, call, guild, role)
  return { member, role }
}

function checkAssignable(backend: DiscordBackend, call: DiscordCall, guild: Guild, role: Role): void {
  if (role.id === guild.id) throw invalidRole()
  if (role.managed || role.position >= highestPosition(backend.store, guild.id, call.identity.userId)) throw missingPermissions()
}

function update(backend: DiscordBackend, call: DiscordCall): Member {
  const { store } = backend
  const guild = requireGuild(backend, call)
  const member = requireMember(backend, call, guild)
  const form = new Form(call.body)
  const nick = form.has('nick') ? form.string('nick', 0, 32) || null : member.nick
  const roles = form.snowflakes('roles') ?? member.roles
  form.check()
  if (nick !== member.nick) requireGuildPermission(store, guild.id, call.identity.userId, ManageNicknames)
  const changed = [...new Set([...roles, ...member.roles])].filter(id => roles.includes(id) !== member.roles.includes(id))
  for (const id of changed) {
    requireGuildPermission(store, guild.id, call.identity.userId, ManageRoles)
    const role = store.roles.get(id)
    if (role === undefined || role.guild_id !== guild.id) throw invalidRole()
    checkAssignable(backend, call, guild, role)
  }
  return store.setMember({ ...member, nick, roles })
}
