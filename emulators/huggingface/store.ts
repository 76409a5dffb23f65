import { createHash, randomBytes } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { Collection } from '../core/collection.ts'
import { HF_ORG, HF_TOKEN, HF_USER } from '../defaults.ts'
import { SDKS } from './records.ts'
import type { Identity, Space } from './records.ts'

interface Settings {
  /** Tokens that are good, and what each may. */
  tokens: Record<string, Identity>
  /** Organizations that the user of the tokens belongs to. */
  orgs: string[]
}

/** What `PUT /__emulator/settings` takes; everything is optional. */
const settingsSchema = z.strictObject({
  tokens: z.record(z.string(), z.strictObject({ role: z.enum(['read', 'write']).default('write') })).optional(),
  orgs: z.array(z.string()).optional(),
  /** What other people make. */
  seed: z.strictObject({
    spaces: z.array(z.strictObject({ id: z.string().regex(/^[^/]+\/[^/]+$/), sdk: z.enum(SDKS).default('gradio'), private: z.boolean().default(false) })).default([]),
    commits: z.array(z.strictObject({ space: z.string(), path: z.string(), content: z.string() })).default([]),
  }).optional(),
})

/** Spaces, each with its files and its history. */
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

  /** Names differ by more than letter case. */
  find(id: string): Space | undefined {
    return this.spaces.get(id.toLowerCase())
  }

  /** A Space as the Hub makes it: with a card that names its SDK, in a first commit. */
  create({ id, sdk, private: hidden }: Pick<Space, 'id' | 'sdk' | 'private'>, user: string): Space {
    const space: Space = { id, sdk, private: hidden, objectId: randomBytes(12).toString('hex'), createdAt: new Date().toISOString(), files: {}, commits: [] }
    const card = `---\ntitle: ${id.split('/')[1]}\nsdk: ${sdk}\npinned: false\n---\n`
    return this.commit(space, { files: { '.gitattributes': '*.safetensors filter=lfs diff=lfs merge=lfs -text\n', 'README.md': card }, title: 'initial commit', message: '' }, user)
  }

  commit(space: Space, { files, title, message }: { files: Record<string, string>, title: string, message: string }, user: string): Space {
    const next = { ...space, files: { ...space.files, ...files } }
    const date = new Date().toISOString()
    const id = createHash('sha1').update(JSON.stringify([next.files, space.commits[0]?.id, title, message, date])).digest('hex')
    return this.spaces.set(space.id.toLowerCase(), { ...next, commits: [{ id, title, message, user, date }, ...space.commits] })
  }

  /** Applies `PUT /__emulator/settings`. */
  apply(body: unknown): Settings {
    const { seed, ...change } = settingsSchema.parse(body)
    this.#settings.set('all', { ...this.settings, ...change })
    for (const space of seed?.spaces ?? []) this.create(space, 'somebody')
    for (const { space, path, content } of seed?.commits ?? []) {
      const found = this.find(space)
      if (found) this.commit(found, { files: { [path]: content }, title: `Add ${path}`, message: '' }, 'somebody')
    }
    return this.settings
  }

  /** Back to what a new emulator has: a user, an organization, and no Space. */
  reset(): void {
    this.spaces.clear()
    this.#settings.set('all', { tokens: { [HF_TOKEN]: { role: 'write' } }, orgs: [HF_ORG] })
  }

  /** Whether the user may write in a namespace. */
  owns(namespace: string): boolean {
    return [HF_USER, ...this.settings.orgs].some(name => name.toLowerCase() === namespace.toLowerCase())
  }
}
