import { join } from 'node:path'
import type { Mutex } from '../core/mutex.ts'
import type { Call } from '../core/pipeline.ts'
import type { GitFs } from './git/atomic-fs.ts'
import type { GitRepository } from './git/repository.ts'
import type { Repo } from './records.ts'
import type { SettingsStore, Token } from './settings.ts'
import type { Store } from './store.ts'

/** What the handlers of the GitHub emulator share. */
export interface Hub {
  url: string
  apiUrl: string
  store: Store
  settings: SettingsStore
  /** Names that are being created at this moment, `owner/name` in lower case. */
  creating: Set<string>
  /** Serialises changes of refs, by repository folder, also against git pushes. */
  refs: Mutex
  git: GitFolders
}

/** The token's owner, or null for a call without a token. */
export type Identity = Token | null
export type GitHubCall = Call<Identity>

/** Opens bare repositories by folder name. */
export class GitFolders {
  readonly root: string
  readonly #fs: GitFs
  #open = new Map<string, GitRepository>()

  constructor(root: string, fs: GitFs) {
    this.root = root
    this.#fs = fs
  }

  open(dir: string): GitRepository {
    const known = this.#open.get(dir)
    if (known) return known
    const repository = { fs: this.#fs, gitdir: join(this.root, dir), cache: {} }
    this.#open.set(dir, repository)
    return repository
  }

  of(repo: Repo): GitRepository {
    return this.open(repo.dir)
  }

  /** Forgets a handle, as its folder is going away. */
  forget(dir: string): void {
    this.#open.delete(dir)
  }

  /** Forgets what was read of packs, as git itself may have written new ones. */
  refresh(repo: Repo): void {
    this.forget(repo.dir)
  }
}
