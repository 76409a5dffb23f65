import { randomUUID } from 'node:crypto'
import { initRepository, writeRef } from './git/repository.ts'
import { writeBlob, writeCommit, writeTree } from './git/objects.ts'
import type { GitRepository } from './git/repository.ts'
import type { GitHubBackend } from './backend.ts'
import { emailOf } from './serializers/user.ts'
import type { NewRepo, Repo } from './records.ts'
import { fullName, nameTaken } from './repo-rules.ts'

export interface RepoOptions extends Omit<NewRepo, 'dir'> {
  /** Files of the first commit, by `login`. Without `files` and `writeTree` the repository is empty. */
  files?: Record<string, string>
  /** Writes the tree of the first commit. @returns its sha */
  writeTree?: (repository: GitRepository) => Promise<string>
  login: string
}

/**
 * Creates a repository: first its git folder, then its row, so that every row has a complete repository. The next
 * start removes a folder without a row, which a crash leaves.
 */
export async function createRepo(backend: GitHubBackend, options: RepoOptions): Promise<Repo> {
  const key = fullName(options).toLowerCase()
  if (backend.creating.has(key) || backend.store.findRepo(options.owner, options.name)) nameTaken()
  backend.creating.add(key)
  try {
    const dir = `${randomUUID()}.git`
    const repository = backend.git.open(dir)
    initRepository(repository, options.defaultBranch)
    const tree = options.files ? treeOf(repository, options.files) : await options.writeTree?.(repository)
    if (tree !== undefined) await firstCommit(repository, options, tree)
    return backend.store.addRepo({ ...options, dir })
  }
  finally {
    backend.creating.delete(key)
  }
}

const treeOf = (repository: GitRepository, files: Record<string, string>) =>
  writeTree(repository, Object.entries(files).map(([path, content]) =>
    ({ path, mode: '100644', type: 'blob' as const, oid: writeBlob(repository, Buffer.from(content)) })))

async function firstCommit(repository: GitRepository, { login, defaultBranch }: RepoOptions, tree: string): Promise<void> {
  const by = { name: login, email: emailOf(login), timestamp: Math.floor(Date.now() / 1000), offset: '+0000' }
  const commit = writeCommit(repository, { tree, parents: [], author: by, committer: by, message: 'Initial commit' })
  await writeRef(repository, `refs/heads/${defaultBranch}`, commit)
}
