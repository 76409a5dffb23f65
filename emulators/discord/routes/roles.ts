import { PermissionFlagsBits } from 'discord-api-types/v10'
import type { EarlyCall, Route } from '../../core/pipeline.ts'
import { empty, json } from '../../core/refusal.ts'
import { isObject } from '../../core/types.ts'
import { invalidRole, missingPermissions, tooManyRoles, unknownRole } from '../errors.ts'
import { Form } from '../form.ts'
import { insertRole, newRole, removeRole } from '../guilds.ts'
import type { DiscordCall, Hub, Identity } from '../hub.ts'
import { guildOf, roleOf } from '../hub.ts'
import { guildPermissions, highestPosition, needInGuild } from '../permissions.ts'
import { roleBody } from '../present/guild.ts'
import type { Guild, Role } from '../records.ts'
import { snowflake } from '../snowflake.ts'

const { ManageRoles } = PermissionFlagsBits
/** @everyone counts. */
const MOST_ROLES = 250

/** Roles of a guild. */
export function roleRoutes(hub: Hub): Route<Identity>[] {
  const { store } = hub
  const subject = (call: EarlyCall) => store.roles.get(call.param('role'))?.name ?? call.param('role')
  return [
    {
      method: 'GET',
      path: '/guilds/:guild/roles',
      operation: 'list_guild_roles',
      handler: call => json(store.rolesOf(guildOf(hub, call).id).map(roleBody)),
    },
    {
      method: 'GET',
      path: '/guilds/:guild/roles/:role',
      operation: 'get_guild_role',
      subject,
      handler: call => json(roleBody(roleOf(hub, call, guildOf(hub, call)))),
    },
    {
      method: 'POST',
      path: '/guilds/:guild/roles',
      operation: 'create_guild_role',
      subject: call => String(call.body.name ?? 'new role'),
      handler: (call) => {
        const guild = guildOf(hub, call)
        needInGuild(store, guild.id, call.identity.userId, ManageRoles)
        const everyone = store.roles.get(guild.id)?.permissions ?? '0'
        const role = formOf(hub, call, guild, newRole({ id: snowflake(), guild_id: guild.id, name: 'new role', permissions: everyone }))
        if (store.rolesOf(guild.id).length >= MOST_ROLES) throw tooManyRoles(MOST_ROLES)
        return json(roleBody(store.together(() => insertRole(store, role))))
      },
    },
    {
      method: 'PATCH',
      path: '/guilds/:guild/roles/:role',
      operation: 'update_guild_role',
      subject,
      handler: (call) => {
        const guild = guildOf(hub, call)
        const role = manageable(hub, call, guild)
        return json(roleBody(store.roles.set(role.id, formOf(hub, call, guild, role))))
      },
    },
    {
      method: 'DELETE',
      path: '/guilds/:guild/roles/:role',
      operation: 'delete_guild_role',
      subject,
      handler: (call) => {
        const guild = guildOf(hub, call)
        const role = manageable(hub, call, guild)
        if (role.id === guild.id || role.managed) throw invalidRole()
        store.together(() => removeRole(store, role))
        return empty()
      },
    },
    {
      method: 'PATCH',
      path: '/guilds/:guild/roles',
      operation: 'bulk_update_guild_roles',
      handler: call => json(move(hub, call, guildOf(hub, call)).map(roleBody)),
    },
  ]
}

/** A role that the bot may change: it holds MANAGE_ROLES and stands above the role. */
function manageable(hub: Hub, call: DiscordCall, guild: Guild): Role {
  needInGuild(hub.store, guild.id, call.identity.userId, ManageRoles)
  const role = roleOf(hub, call, guild)
  if (role.position >= highestPosition(hub.store, guild.id, call.identity.userId)) throw missingPermissions()
  return role
}

function formOf(hub: Hub, call: DiscordCall, guild: Guild, role: Role): Role {
  const form = new Form(call.body)
  const name = form.string('name', 1, 100) ?? role.name
  const permissions = form.bits('permissions') ?? BigInt(role.permissions)
  const colors = isObject(call.body.colors) ? new Form(call.body.colors, 'colors.').integer('primary_color', 0, 0xFFFFFF) : undefined
  const color = form.integer('color', 0, 0xFFFFFF) ?? colors ?? role.color
  const hoist = form.boolean('hoist') ?? role.hoist
  const mentionable = form.boolean('mentionable') ?? role.mentionable
  form.check()
  const added = permissions & ~BigInt(role.permissions)
  if ((added & ~guildPermissions(hub.store, guild.id, call.identity.userId)) !== 0n) throw missingPermissions()
  return { ...role, name, permissions: String(permissions), color, colors: { ...role.colors, primary_color: color }, hoist, mentionable }
}

/** Moves roles to the positions asked for and numbers all anew, so that no two share one. */
function move(hub: Hub, call: DiscordCall, guild: Guild): Role[] {
  const { store } = hub
  needInGuild(store, guild.id, call.identity.userId, ManageRoles)
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
  // A role that was asked to be at a place goes before the one that is there.
  const order = store.rolesOf(guild.id).sort((a, b) =>
    (wanted.get(a.id) ?? a.position) - (wanted.get(b.id) ?? b.position) || Number(wanted.has(b.id)) - Number(wanted.has(a.id)))
  const sorted = [...order.filter(role => role.id === guild.id), ...order.filter(role => role.id !== guild.id)]
  return store.together(() => sorted.map((role, position) => store.roles.set(role.id, { ...role, position })))
}
