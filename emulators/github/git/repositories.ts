import { join } from 'node:path'
import type { Repo } from '../records.ts'
import type { GitFs } from './atomic-fs.ts'
import type { GitRepository } from './repository.ts'

/** Opens bare repositories by folder name, and caches their handles. */
export class GitRepositories {
  readonly root: string
  readonly #fs: GitFs
  readonly #handles = new Map<string, GitRepository>()

  constructor(root: string, fs: GitFs) {
    this.root = root
    this.#fs = fs
  }

  open(dir: string): GitRepository {
    const cached = this.#handles.get(dir)
    if (cached) return cached
    const repository = { fs: this.#fs, gitdir: join(this.root, dir), cache: {} }
    this.#handles.set(dir, repository)
    return repository
  }

  of(repo: Repo): GitRepository {
    return this.open(repo.dir)
  }

  /** Drops a cached handle: git itself has changed the folder, or the folder goes away. */
  drop(dir: string): void {
    this.#handles.delete(dir)
  }
}
