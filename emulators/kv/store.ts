import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { Collection } from '../core/collection.ts'
import { KV_TOKEN } from '../defaults.ts'
import { wrongType } from './errors.ts'

/** The types of values, each as it is stored. Members of a sorted set have a score. */
export interface Values {
  string: string
  hash: Record<string, string>
  set: string[]
  list: string[]
  zset: Record<string, number>
}
export type Type = keyof Values

export interface Entry<T extends Type = Type> {
  type: T
  value: Values[T]
  /** A time in ms. */
  expiresAt?: number
}

/** The body of `PUT /__emulator/settings`. All fields are optional. */
const settingsSchema = z.strictObject({
  /** The valid tokens from now on. An empty list revokes all. */
  tokens: z.array(z.string().min(1)).optional(),
})

/** Between two removals of what has expired. Reads ignore it before that. */
const SWEEP_MS = 60_000

/** Keys with their values. A key is gone at the moment it expires, also after a restart. */
export class Store {
  readonly #entries: Collection<Entry>
  readonly #settings: Collection<{ tokens: string[] }>
  #sweptAt = 0

  constructor(database: DatabaseSync) {
    this.#entries = new Collection(database, 'key')
    this.#settings = new Collection(database, 'settings')
    if (this.#settings.get('all') === undefined) this.reset()
  }

  get tokens(): string[] {
    return this.#settings.get('all')?.tokens ?? []
  }

  /** An entry of any type that has not expired. */
  entry(key: string): Entry | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined || !isExpired(entry)) return entry
    this.#entries.delete(key)
    return undefined
  }

  /** @throws CommandError WRONGTYPE for a value of another type */
  read<T extends Type>(key: string, type: T): Values[T] | undefined {
    const entry = this.entry(key)
    if (entry !== undefined && entry.type !== type) throw wrongType()
    return entry?.value as Values[T] | undefined
  }

  /** Sets a value, and keeps the time at which the key expires. An empty hash, set or list is no key. */
  write<T extends Type>(key: string, type: T, value: Values[T]): void {
    const { expiresAt } = this.entry(key) ?? {}
    if (type !== 'string' && Object.keys(value).length === 0) this.delete(key)
    else this.replace(key, { type, value, expiresAt })
  }

  replace(key: string, entry: Entry): void {
    this.#sweep()
    this.#entries.set(key, entry)
  }

  /** @returns whether there was such a key */
  delete(key: string): boolean {
    const isThere = this.entry(key) !== undefined
    if (isThere) this.#entries.delete(key)
    return isThere
  }

  /** Keys that have not expired, sorted. */
  keys(): string[] {
    this.#sweep(0)
    return this.#entries.ids().sort()
  }

  clear(): void {
    this.#entries.clear()
  }

  /** Applies `PUT /__emulator/settings`. @returns the settings in force */
  apply(body: unknown) {
    const { tokens } = settingsSchema.parse(body)
    if (tokens) this.#settings.set('all', { tokens })
    return { tokens: this.tokens }
  }

  /** Restores the content of a new emulator: no key. */
  reset(): void {
    this.clear()
    this.#settings.set('all', { tokens: [KV_TOKEN] })
  }

  /** Removes what has expired and nobody reads any more. */
  #sweep(everyMs = SWEEP_MS): void {
    if (Date.now() - this.#sweptAt < everyMs) return
    this.#sweptAt = Date.now()
    for (const id of this.#entries.ids()) this.entry(id)
  }
}

const isExpired = ({ expiresAt }: Entry) => expiresAt !== undefined && expiresAt <= Date.now()
