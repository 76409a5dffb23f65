import { randomUUID } from 'node:crypto'
import { initRepository, writeRef } from './git/repository.ts'
import { writeBlob, writeCommit, writeTree } from './git/objects.ts'
import type { GitRepository } from './git/repository.ts'
import type { Hub } from './hub.ts'
import { emailOf } from './present/user.ts'
import type { NewRepo, Repo } from './records.ts'
import { fullName, nameTaken } from './repo-rules.ts'

export interface RepoPlan extends Omit<NewRepo, 'dir'> {
  /** Files of a first commit by `login`; absent for an empty repository. */
  files?: Record<string, string>
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
    if (plan.files) await firstCommit(repository, plan, plan.files)
    return hub.store.addRepo({ ...plan, dir })
  }
  finally {
    hub.creating.delete(key)
  }
}

async function firstCommit(repository: GitRepository, { login, defaultBranch }: RepoPlan, files: Record<string, string>): Promise<void> {
  const entries = Object.entries(files).map(([path, content]) =>
    ({ path, mode: '100644', type: 'blob' as const, oid: writeBlob(repository, Buffer.from(content)) }))
  const by = { name: login, email: emailOf(login), timestamp: Math.floor(Date.now() / 1000), offset: '+0000' }
  const tree = writeTree(repository, entries)
  const commit = writeCommit(repository, { tree, parents: [], author: by, committer: by, message: 'Initial commit' })
  await writeRef(repository, `refs/heads/${defaultBranch}`, commit)
}
