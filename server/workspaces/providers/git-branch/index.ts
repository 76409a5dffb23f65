import { z } from 'zod'
import { githubNeeds } from '../../../lib/env'
import { providerError } from '../../../lib/errors'
import { branchUrl, countBeyond, createBranch, deleteBranch, readBase, readBranch } from '../../../lib/github'
import type { WorkspaceProvider } from '../types'

/** A branch of a GitHub repository. GitHub refuses a second of its name by itself, and a branch carries no mark: by its commit it is known again. */
export const gitBranch: WorkspaceProvider = {
  type: 'git_branch',
  name: 'GitHub Branch',
  creates: { service: 'GITHUB', count: 1 },
  repoTypes: ['github'],
  options: z.strictObject({
    adopt: z.boolean().default(false).meta({ title: 'Take over a branch of that name', description: 'Even when it is on another commit than the one to begin from.' }),
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
    const made = await ensure({ type: 'BRANCH', name: `${repo}:${branch}` }, {
      look: 'after-interruption',
      find: async ({ ours }) => {
        const sha = await readBranch(repo, branch)
        if (sha === null) return null
        // Made by us and worked in since: what was interrupted is only our knowing of it.
        const isOurs = sha === wanted || options.adopt === true || (ours && await countBeyond(repo, branch, wanted) === 0)
        if (!isOurs) throw providerError('BRANCH_ON_OTHER_COMMIT', { branch: `${repo}:${branch}`, sha, wanted })
        return toMade(repo, branch, { sha, alreadyExisted: !ours || sha !== wanted })
      },
      create: async () => {
        await createBranch(repo, { branch, sha: wanted })
        return toMade(repo, branch, { sha: wanted })
      },
    })
    const { sha, alreadyExisted, createdAt } = made.detail as unknown as Detail
    return { ref: `refs/heads/${branch}`, url: made.url, meta: { baseBranch: base.baseBranch ?? null, sha, createdAt, ...alreadyExisted && { alreadyExisted } } }
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
    // One that was there before may hold commits though it has not moved since.
    const isAsMade = head === meta.sha && meta.alreadyExisted !== true
    const base = String(meta.baseBranch ?? meta.sha)
    const commits = isAsMade ? 0 : await countBeyond(repo, base, name)
    if (commits === null) throw providerError('BRANCH_NOT_COMPARABLE', { branch: `${repo}:${name}`, base })
    if (commits > 0) throw providerError('BRANCH_HAS_COMMITS', { branch: `${repo}:${name}`, commits, base })
    return () => deleteBranch(repo, name)
  },
}

interface Detail { sha: string, createdAt: string, alreadyExisted?: boolean }

const toMade = (repo: string, branch: string, detail: Omit<Detail, 'createdAt'>) =>
  ({ id: `${repo}:${branch}`, url: branchUrl(repo, branch), detail: { ...detail, createdAt: new Date().toISOString() } })
