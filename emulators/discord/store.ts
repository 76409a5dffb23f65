import type { DatabaseSync } from 'node:sqlite'
import { transaction } from '../core/database.ts'
import { DISCORD_BOT_TOKEN, DISCORD_CLIENT_ID, DISCORD_GUILD_ID, DISCORD_GUILD_NAME, DISCORD_OWNER_ID } from '../defaults.ts'
import { Collection } from '../core/collection.ts'
import { addBot, createGuild } from './guilds.ts'
import { BOT_PERMISSIONS } from './permissions.ts'
import type { Channel, Guild, Invite, Member, Message, Role, User } from './records.ts'

/** The valid bot tokens. */
export interface Settings {
  tokens: string[]
}

/** The complete state of the Discord emulator. */
export class Store {
  readonly guilds: Collection<Guild>
  readonly roles: Collection<Role>
  readonly channels: Collection<Channel>
  readonly members: Collection<Member>
  readonly users: Collection<User>
  readonly invites: Collection<Invite>
  readonly messages: Collection<Message>
  readonly #settings: Collection<Settings>
  readonly #database: DatabaseSync
  readonly #token: string

  constructor(database: DatabaseSync, token = DISCORD_BOT_TOKEN) {
    this.#database = database
    this.#token = token
    this.guilds = new Collection(database, 'guild')
    this.roles = new Collection(database, 'role')
    this.channels = new Collection(database, 'channel')
    this.members = new Collection(database, 'member')
    this.users = new Collection(database, 'user')
    this.invites = new Collection(database, 'invite')
    this.messages = new Collection(database, 'message')
    this.#settings = new Collection(database, 'settings')
    if (this.guilds.list().length === 0) this.transaction(() => this.#seedDefaults())
  }

  get settings(): Settings {
    return this.#settings.get('all') ?? { tokens: [] }
  }

  set settings(settings: Settings) {
    this.#settings.set('all', settings)
  }

  /** Writes all changes of `work` to disk, or none. */
  transaction<T>(work: () => T): T {
    return transaction(this.#database, work)
  }

  /** Restores the content of a new emulator: one guild. */
  reset(): void {
    this.transaction(() => {
      const { guilds, roles, channels, members, users, invites, messages } = this
      for (const collection of [guilds, roles, channels, members, users, invites, messages]) collection.clear()
      this.#seedDefaults()
    })
  }

  member(guildId: string, userId: string): Member | undefined {
    return this.members.get(`${guildId}/${userId}`)
  }

  setMember(member: Member): Member {
    return this.members.set(`${member.guild_id}/${member.user_id}`, member)
  }

  /** Roles of a guild, lowest first. */
  rolesOf(guildId: string): Role[] {
    return this.roles.list(role => role.guild_id === guildId).sort((a, b) => a.position - b.position)
  }

  channelsOf(guildId: string): Channel[] {
    return this.channels.list(channel => channel.guild_id === guildId)
  }

  #seedDefaults(): void {
    this.settings = { tokens: [this.#token] }
    this.users.set(DISCORD_CLIENT_ID, { id: DISCORD_CLIENT_ID, username: 'Atelier', bot: true })
    this.users.set(DISCORD_OWNER_ID, { id: DISCORD_OWNER_ID, username: 'teacher', bot: false })
    createGuild(this, { id: DISCORD_GUILD_ID, name: DISCORD_GUILD_NAME, ownerId: DISCORD_OWNER_ID })
    addBot(this, DISCORD_GUILD_ID, BOT_PERMISSIONS)
  }
}
