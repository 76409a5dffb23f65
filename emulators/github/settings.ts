import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { GITHUB_BOT_LOGIN, GITHUB_ORG, GITHUB_TOKEN } from '../defaults.ts'

const roleSchema = z.enum(['admin', 'member', 'reader'])
const tokenSchema = z.strictObject({
  login: z.string().min(1).default(GITHUB_BOT_LOGIN),
  scopes: z.array(z.string()).default(['repo', 'admin:org', 'delete_repo']),
  /** Role in each organization: admin, member (pushes, creates repositories) or reader. */
  orgs: z.record(z.string(), roleSchema).default({ [GITHUB_ORG]: 'admin' }),
})

export type Token = z.infer<typeof tokenSchema>
export type Plan = 'free' | 'team'

/** The organizations, their plan, and the valid tokens. */
export interface Settings {
  plan: Plan
  orgs: string[]
  tokens: Record<string, Token>
}

const patchSchema = z.strictObject({
  plan: z.enum(['free', 'team']).optional(),
  orgs: z.array(z.string().regex(/^[\w-]+$/)).optional(),
  /** Adds or replaces a token; null revokes it. */
  tokens: z.record(z.string().min(1), tokenSchema.nullable()).optional(),
})

/** The settings, in the database and in memory. */
export class SettingsStore {
  readonly #database: DatabaseSync
  readonly #defaults: Settings
  #current: Settings

  constructor(database: DatabaseSync, defaults: { token?: string, plan?: Plan }) {
    this.#database = database
    this.#defaults = {
      plan: defaults.plan ?? 'team',
      orgs: [GITHUB_ORG],
      tokens: { [defaults.token ?? GITHUB_TOKEN]: tokenSchema.parse({}) },
    }
    const row = database.prepare('SELECT body FROM settings WHERE id = 1').get()
    this.#current = row ? JSON.parse(String(row.body)) as Settings : this.#defaults
  }

  get current(): Settings {
    return this.#current
  }

  /** Applies `PUT /__emulator/settings`. @throws ZodError if the body is invalid */
  patch(body: unknown): Settings {
    const change = patchSchema.parse(body)
    const tokens = { ...this.#current.tokens }
    for (const [name, token] of Object.entries(change.tokens ?? {})) {
      if (token === null) Reflect.deleteProperty(tokens, name)
      else tokens[name] = token
    }
    this.#save({ plan: change.plan ?? this.#current.plan, orgs: change.orgs ?? this.#current.orgs, tokens })
    return this.#current
  }

  reset(): void {
    this.#save(this.#defaults)
  }

  #save(settings: Settings): void {
    this.#database.prepare('INSERT INTO settings (id, body) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body')
      .run(JSON.stringify(settings))
    this.#current = settings
  }
}
