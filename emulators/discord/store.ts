import type { DatabaseSync } from 'node:sqlite'
import { transaction } from '../core/database.ts'
import { Collection } from '../core/collection.ts'
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
  readonly #seed: (store: Store) => void

  /** @param seed fills an empty store: a new one, and one that was reset */
  constructor(database: DatabaseSync, seed: (store: Store) => void) {
    this.#database = database
    this.#seed = seed
    this.guilds = new Collection(database, 'guild')
    this.roles = new Collection(database, 'role')
    this.channels = new Collection(database, 'channel')
    this.members = new Collection(database, 'member')
    this.users = new Collection(database, 'user')
    this.invites = new Collection(database, 'invite')
    this.messages = new Collection(database, 'message')
    this.#settings = new Collection(database, 'settings')
    if (this.guilds.list().length === 0) this.transaction(() => seed(this))
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
      this.#seed(this)
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
}
