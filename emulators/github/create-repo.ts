import { randomUUID } from 'node:crypto'
import { initRepository, writeRef } from './git/repository.ts'
import { writeBlob, writeCommit, writeTree } from './git/objects.ts'
import type { GitRepository } from './git/repository.ts'
import type { Hub } from './hub.ts'
import { emailOf } from './present/user.ts'
import type { NewRepo, Repo } from './records.ts'
import { fullName, nameTaken } from './repo-rules.ts'

export interface RepoPlan extends Omit<NewRepo, 'dir'> {
  /** Files of a first commit by `login`, or what writes its tree; without either the repository is empty. */
  files?: Record<string, string>
  tree?: (repository: GitRepository) => Promise<string>
  login: string
}

/**
 * Makes a repository: first its git folder, then its row, so that a row always has a whole repository behind it.
 * A folder without a row, left by a crash, is removed by the next start.
 */
export async function createRepo(hub: Hub, plan: RepoPlan): Promise<Repo> {
  const key = fullName(plan).toLowerCase()
  if (hub.creating.has(key) || hub.store.findRepo(plan.owner, plan.name)) nameTaken()
  hub.creating.add(key)
  try {
    const dir = `${randomUUID()}.git`
    const repository = hub.git.open(dir)
    initRepository(repository, plan.defaultBranch)
    const tree = plan.files ? treeOf(repository, plan.files) : await plan.tree?.(repository)
    if (tree !== undefined) await firstCommit(repository, plan, tree)
    return hub.store.addRepo({ ...plan, dir })
  }
  finally {
    hub.creating.delete(key)
  }
}

const treeOf = (repository: GitRepository, files: Record<string, string>) => writeTree(repository, Object.entries(files).map(([path, content]) =>
  ({ path, mode: '100644', type: 'blob' as const, oid: writeBlob(repository, Buffer.from(content)) })))

async function firstCommit(repository: GitRepository, { login, defaultBranch }: RepoPlan, tree: string): Promise<void> {
  const by = { name: login, email: emailOf(login), timestamp: Math.floor(Date.now() / 1000), offset: '+0000' }
  const commit = writeCommit(repository, { tree, parents: [], author: by, committer: by, message: 'Initial commit' })
  await writeRef(repository, `refs/heads/${defaultBranch}`, commit)
}
