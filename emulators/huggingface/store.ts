import { createHash, randomBytes } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { Collection } from '../core/collection.ts'
import { HF_ORG, HF_TOKEN, HF_USER } from '../defaults.ts'
import { SDKS } from './records.ts'
import type { Identity, Space } from './records.ts'

interface Settings {
  /** The valid tokens, with the rights of each. */
  tokens: Record<string, Identity>
  /** Organizations of the tokens' user. */
  orgs: string[]
}

/** The body of `PUT /__emulator/settings`. All fields are optional. */
const settingsSchema = z.strictObject({
  tokens: z.record(z.string(), z.strictObject({ role: z.enum(['read', 'write']).default('write') })).optional(),
  orgs: z.array(z.string()).optional(),
  /** Resources that other users create. */
  seed: z.strictObject({
    spaces: z.array(z.strictObject({
      id: z.string().regex(/^[^/]+\/[^/]+$/),
      sdk: z.enum(SDKS).default('gradio'),
      private: z.boolean().default(false),
    })).default([]),
    commits: z.array(z.strictObject({ space: z.string(), path: z.string(), content: z.string() })).default([]),
  }).optional(),
})

interface SpaceChange { files: Record<string, string>, title: string, message: string }

/** Spaces, each with its files and its commits. */
export class Store {
  readonly spaces: Collection<Space>
  readonly #settings: Collection<Settings>

  constructor(database: DatabaseSync) {
    this.spaces = new Collection(database, 'space')
    this.#settings = new Collection(database, 'settings')
    if (this.#settings.get('all') === undefined) this.reset()
  }

  get settings(): Settings {
    return this.#settings.get('all') ?? { tokens: {}, orgs: [] }
  }

  /** Finds a Space; the case of its id does not matter. */
  find(id: string): Space | undefined {
    return this.spaces.get(id.toLowerCase())
  }

  /** Creates a Space as the Hub does: the first commit has a card that names the SDK. */
  create({ id, sdk, private: hidden }: Pick<Space, 'id' | 'sdk' | 'private'>, user: string): Space {
    const objectId = randomBytes(12).toString('hex')
    const space: Space = { id, sdk, private: hidden, objectId, createdAt: new Date().toISOString(), files: {}, commits: [] }
    const card = `---\ntitle: ${id.split('/')[1]}\nsdk: ${sdk}\npinned: false\n---\n`
    const files = { '.gitattributes': '*.safetensors filter=lfs diff=lfs merge=lfs -text\n', 'README.md': card }
    return this.commit(space, { files, title: 'initial commit', message: '' }, user)
  }

  commit(space: Space, { files, title, message }: SpaceChange, user: string): Space {
    const next = { ...space, files: { ...space.files, ...files } }
    const date = new Date().toISOString()
    const id = createHash('sha1').update(JSON.stringify([next.files, space.commits[0]?.id, title, message, date])).digest('hex')
    return this.spaces.set(space.id.toLowerCase(), { ...next, commits: [{ id, title, message, user, date }, ...space.commits] })
  }

  /** Applies `PUT /__emulator/settings`. */
  apply(body: unknown): Settings {
    const { seed, ...change } = settingsSchema.parse(body)
    this.#settings.set('all', { ...this.settings, ...change })
    for (const space of seed?.spaces ?? []) this.create(space, 'other-user')
    for (const { space, path, content } of seed?.commits ?? []) {
      const found = this.find(space)
      if (found) this.commit(found, { files: { [path]: content }, title: `Add ${path}`, message: '' }, 'other-user')
    }
    return this.settings
  }

  /** Restores the content of a new emulator: a user, an organization, no Space. */
  reset(): void {
    this.spaces.clear()
    this.#settings.set('all', { tokens: { [HF_TOKEN]: { role: 'write' } }, orgs: [HF_ORG] })
  }

  /** Whether the user may write to a namespace. */
  owns(namespace: string): boolean {
    return [HF_USER, ...this.settings.orgs].some(name => name.toLowerCase() === namespace.toLowerCase())
  }
}
