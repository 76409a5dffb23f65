import { z } from 'zod'
import { githubNeeds } from '../../../lib/env'
import { providerError } from '../../../lib/errors'
import { branchUrl, countBeyond, createBranch, deleteBranch, readBase, readBranch } from '../../../lib/github'
import type { WorkspaceProvider } from '../types'

/**
 * A branch of a GitHub repository. GitHub refuses a second one of its name. A branch carries no marker, so Atelier
 * recognises it by its commit.
 */
export const gitBranch: WorkspaceProvider = {
  type: 'git_branch',
  name: 'GitHub Branch',
  creates: { service: 'GITHUB', count: 1 },
  repoTypes: ['github'],
  options: z.strictObject({
    adopt: z.boolean().default(false).meta({
      title: 'Take over a branch of that name',
      description: 'Even when it is on another commit than the base.',
    }),
  }),
  needs: githubNeeds,
  refOf: (_, name) => `refs/heads/${name}`,

  async findBase({ parentRef, baseBranch }) {
    const { branch, sha } = await readBase(parentRef!, baseBranch)
    return { baseBranch: branch, sha }
  },

  async provision({ parentRef, name: branch, base, options }, ensure) {
    const repo = parentRef!
    const wanted = String(base.sha)
    const { url, detail } = await ensure({ type: 'BRANCH', name: `${repo}:${branch}` }, {
      look: 'after-interruption',
      find: async ({ ours }) => {
        const sha = await readBranch(repo, branch)
        if (sha === null) return null
        // Created by us and used since: only the answer to our call was lost.
        const isOurs = sha === wanted || options.adopt === true || (ours && await countBeyond(repo, branch, wanted) === 0)
        if (!isOurs) throw providerError('BRANCH_ON_OTHER_COMMIT', { branch: `${repo}:${branch}`, sha, wanted })
        return toCreated(repo, branch, { sha, alreadyExisted: !ours || sha !== wanted })
      },
      create: async () => {
        await createBranch(repo, { branch, sha: wanted })
        return toCreated(repo, branch, { sha: wanted })
      },
    })
    const { sha, alreadyExisted, createdAt } = detail as unknown as Detail
    const meta = { baseBranch: base.baseBranch ?? null, sha, createdAt, ...alreadyExisted && { alreadyExisted } }
    return { ref: `refs/heads/${branch}`, url, meta }
  },

  async getStatus({ parentRef, name, meta }) {
    const actualSha = await readBranch(parentRef!, name)
    const expectedSha = typeof meta.sha === 'string' ? meta.sha : null
    return { state: actualSha === null ? 'missing' : actualSha === expectedSha ? 'ready' : 'drifted', expectedSha, actualSha }
  },

  async deprovision({ parentRef, name, meta }) {
    const repo = parentRef!
    const head = await readBranch(repo, name)
    if (head === null) return null
    // One that existed before may hold commits although it has not moved since.
    const isUnchanged = head === meta.sha && meta.alreadyExisted !== true
    const base = String(meta.baseBranch ?? meta.sha)
    const commits = isUnchanged ? 0 : await countBeyond(repo, base, name)
    if (commits === null) throw providerError('BRANCH_NOT_COMPARABLE', { branch: `${repo}:${name}`, base })
    if (commits > 0) throw providerError('BRANCH_HAS_COMMITS', { branch: `${repo}:${name}`, commits, base })
    return () => deleteBranch(repo, name)
  },
}

interface Detail { sha: string, createdAt: string, alreadyExisted?: boolean }

const toCreated = (repo: string, branch: string, detail: Omit<Detail, 'createdAt'>) =>
  ({ id: `${repo}:${branch}`, url: branchUrl(repo, branch), detail: { ...detail, createdAt: new Date().toISOString() } })
