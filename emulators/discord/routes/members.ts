import { PermissionFlagsBits } from 'discord-api-types/v10'
import type { EarlyCall, Route } from '../../core/pipeline.ts'
import { empty, json } from '../../core/refusal.ts'
import { invalidRole, missingPermissions, unknownMember } from '../errors.ts'
import { Form } from '../form.ts'
import { leave } from '../guilds.ts'
import type { DiscordCall, Hub, Identity } from '../hub.ts'
import { guildOf, idOf, roleOf } from '../hub.ts'
import { highestPosition, needInGuild } from '../permissions.ts'
import { memberBody } from '../present/guild.ts'
import type { Guild, Member, Role } from '../records.ts'

const { ManageRoles, ManageNicknames, KickMembers } = PermissionFlagsBits

/** Members of a guild and their roles. */
export function memberRoutes(hub: Hub): Route<Identity>[] {
  const { store } = hub
  const subject = (call: EarlyCall) => store.users.get(call.param('user'))?.username ?? call.param('user')
  const member = { path: '/guilds/:guild/members/:user', subject }
  const memberRole = { path: '/guilds/:guild/members/:user/roles/:role', subject: (call: EarlyCall) => store.roles.get(call.param('role'))?.name ?? call.param('role') }
  return [
    {
      method: 'GET',
      path: '/guilds/:guild/members',
      operation: 'list_guild_members',
      handler: (call) => {
        const guild = guildOf(hub, call)
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
      handler: call => json(memberBody(store, memberOf(hub, call, guildOf(hub, call)))),
    },
    {
      ...member,
      method: 'PATCH',
      operation: 'update_guild_member',
      handler: call => json(memberBody(store, update(hub, call))),
    },
    {
      ...member,
      method: 'DELETE',
      operation: 'delete_guild_member',
      handler: (call) => {
        const guild = guildOf(hub, call)
        needInGuild(store, guild.id, call.identity.userId, KickMembers)
        const { user_id } = memberOf(hub, call, guild)
        if (highestPosition(store, guild.id, user_id) >= highestPosition(store, guild.id, call.identity.userId)) throw missingPermissions()
        store.together(() => leave(store, guild.id, user_id))
        return empty()
      },
    },
    {
      ...memberRole,
      method: 'PUT',
      operation: 'add_guild_member_role',
      handler: (call) => {
        const { member, role } = assignable(hub, call)
        store.setMember({ ...member, roles: [...new Set([...member.roles, role.id])] })
        return empty()
      },
    },
    {
      ...memberRole,
      method: 'DELETE',
      operation: 'delete_guild_member_role',
      handler: (call) => {
        const { member, role } = assignable(hub, call)
        store.setMember({ ...member, roles: member.roles.filter(id => id !== role.id) })
        return empty()
      },
    },
  ]
}

function memberOf(hub: Hub, call: DiscordCall, guild: Guild): Member {
  const id = call.param('user') === '@me' ? call.identity.userId : idOf(call, 'user')
  const member = hub.store.member(guild.id, id)
  if (member === undefined) throw unknownMember()
  return member
}

/** The member and role of the path, when the bot may give and take that role. */
function assignable(hub: Hub, call: DiscordCall): { member: Member, role: Role } {
  const guild = guildOf(hub, call)
  needInGuild(hub.store, guild.id, call.identity.userId, ManageRoles)
  const member = memberOf(hub, call, guild)
  const role = roleOf(hub, call, guild)
  checkAssignable(hub, call, guild, role)
  return { member, role }
}

function checkAssignable(hub: Hub, call: DiscordCall, guild: Guild, role: Role): void {
  if (role.id === guild.id) throw invalidRole()
  if (role.managed || role.position >= highestPosition(hub.store, guild.id, call.identity.userId)) throw missingPermissions()
}

function update(hub: Hub, call: DiscordCall): Member {
  const { store } = hub
  const guild = guildOf(hub, call)
  const member = memberOf(hub, call, guild)
  const form = new Form(call.body)
  const nick = form.has('nick') ? form.string('nick', 0, 32) || null : member.nick
  const roles = form.snowflakes('roles') ?? member.roles
  form.check()
  if (nick !== member.nick) needInGuild(store, guild.id, call.identity.userId, ManageNicknames)
  for (const id of [...new Set([...roles, ...member.roles])].filter(id => roles.includes(id) !== member.roles.includes(id))) {
    needInGuild(store, guild.id, call.identity.userId, ManageRoles)
    const role = store.roles.get(id)
    if (role === undefined || role.guild_id !== guild.id) throw invalidRole()
    checkAssignable(hub, call, guild, role)
  }
  return store.setMember({ ...member, nick, roles })
}
