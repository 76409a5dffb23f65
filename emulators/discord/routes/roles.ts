import { PermissionFlagsBits } from 'discord-api-types/v10'
import type { EarlyCall, Route } from '../../core/pipeline.ts'
import { empty, json } from '../../core/response.ts'
import { isObject } from '../../core/types.ts'
import { invalidRole, missingPermissions, tooManyRoles, unknownRole } from '../errors.ts'
import { Form } from '../form.ts'
import { insertRole, newRole, removeRole } from '../guilds.ts'
import type { DiscordCall, DiscordBackend, Identity } from '../backend.ts'
import { requireGuild, requireRole } from '../backend.ts'
import { guildPermissions, highestPosition, requireGuildPermission } from '../permissions.ts'
import { roleBody } from '../serializers/guild.ts'
import type { Guild, Role } from '../records.ts'
import { snowflake } from '../snowflake.ts'

const { ManageRoles } = PermissionFlagsBits
/** Includes @everyone. */
const MAX_ROLES = 250

/** Roles of a guild. */
export function roleRoutes(backend: DiscordBackend): Route<Identity>[] {
  const { store } = backend
  const subject = (call: EarlyCall) => store.roles.get(call.param('role'))?.name ?? call.param('role')
  return [
    {
      method: 'GET',
      path: '/guilds/:guild/roles',
      operation: 'list_guild_roles',
      handler: call => json(store.rolesOf(requireGuild(backend, call).id).map(roleBody)),
    },
    {
      method: 'GET',
      path: '/guilds/:guild/roles/:role',
      operation: 'get_guild_role',
      subject,
      handler: call => json(roleBody(requireRole(backend, call, requireGuild(backend, call)))),
    },
    {
      method: 'POST',
      path: '/guilds/:guild/roles',
      operation: 'create_guild_role',
      subject: call => String(call.body.name ?? 'new role'),
      handler: (call) => {
        const guild = requireGuild(backend, call)
        requireGuildPermission(store, guild.id, call.identity.userId, ManageRoles)
        const everyone = store.roles.get(guild.id)?.permissions ?? '0'
        const defaults = newRole({ id: snowflake(), guild_id: guild.id, name: 'new role', permissions: everyone })
        const role = applyBody(backend, call, guild, defaults)
        if (store.rolesOf(guild.id).length >= MAX_ROLES) throw tooManyRoles(MAX_ROLES)
        return json(roleBody(store.transaction(() => insertRole(store, role))))
      },
    },
    {
      method: 'PATCH',
      path: '/guilds/:guild/roles/:role',
      operation: 'update_guild_role',
      subject,
      handler: (call) => {
        const guild = requireGuild(backend, call)
        const role = requireManageable(backend, call, guild)
        return json(roleBody(store.roles.set(role.id, applyBody(backend, call, guild, role))))
      },
    },
    {
      method: 'DELETE',
      path: '/guilds/:guild/roles/:role',
      operation: 'delete_guild_role',
      subject,
      handler: (call) => {
        const guild = requireGuild(backend, call)
        const role = requireManageable(backend, call, guild)
        if (role.id === guild.id || role.managed) throw invalidRole()
        store.transaction(() => removeRole(store, role))
        return empty()
      },
    },
    {
      method: 'PATCH',
      path: '/guilds/:guild/roles',
      operation: 'bulk_update_guild_roles',
      handler: call => json(move(backend, call, requireGuild(backend, call)).map(roleBody)),
    },
  ]
}

/** The role of the path. @throws HttpError unless the bot has MANAGE_ROLES and a higher role */
function requireManageable(backend: DiscordBackend, call: DiscordCall, guild: Guild): Role {
  requireGuildPermission(backend.store, guild.id, call.identity.userId, ManageRoles)
  const role = requireRole(backend, call, guild)
  if (role.position >= highestPosition(backend.store, guild.id, call.identity.userId)) throw missingPermissions()
  return role
}

/** Applies the body of the call to a role. */
function applyBody(backend: DiscordBackend, call: DiscordCall, guild: Guild, role: Role): Role {
  const form = new Form(call.body)
  const name = form.string('name', 1, 100) ?? role.name
  const permissions = form.bits('permissions') ?? BigInt(role.permissions)
  const colors = isObject(call.body.colors)
    ? new Form(call.body.colors, 'colors.').integer('primary_color', 0, 0xFFFFFF)
    : undefined
  const color = form.integer('color', 0, 0xFFFFFF) ?? colors ?? role.color
  const hoist = form.boolean('hoist') ?? role.hoist
  const mentionable = form.boolean('mentionable') ?? role.mentionable
  form.check()
  const added = permissions & ~BigInt(role.permissions)
  if ((added & ~guildPermissions(backend.store, guild.id, call.identity.userId)) !== 0n) throw missingPermissions()
  return { ...role, name, permissions: String(permissions), color, colors: { ...role.colors, primary_color: color }, hoist, mentionable }
}

/** Moves roles to the requested positions, and numbers all roles so that each position is unique. */
function move(backend: DiscordBackend, call: DiscordCall, guild: Guild): Role[] {
  const { store } = backend
  requireGuildPermission(store, guild.id, call.identity.userId, ManageRoles)
  const highest = highestPosition(store, guild.id, call.identity.userId)
  const wanted = new Map<string, number>()
  for (const item of Array.isArray(call.body.items) ? call.body.items : []) {
    const form = new Form(isObject(item) ? item : {})
    const id = form.required('id').snowflake('id') ?? ''
    const position = form.integer('position', 0, 1000)
    form.check()
    const role = store.roles.get(id)
    if (role === undefined || role.guild_id !== guild.id) throw unknownRole()
    if (position === undefined) continue
    if (role.position >= highest || position >= highest) throw missingPermissions()
    wanted.set(id, position)
  }
  // A role that moves to a position goes before the role that has it.
  const order = store.rolesOf(guild.id).sort((a, b) =>
    (wanted.get(a.id) ?? a.position) - (wanted.get(b.id) ?? b.position) || Number(wanted.has(b.id)) - Number(wanted.has(a.id)))
  const sorted = [...order.filter(role => role.id === guild.id), ...order.filter(role => role.id !== guild.id)]
  return store.transaction(() => sorted.map((role, position) => store.roles.set(role.id, { ...role, position })))
}
