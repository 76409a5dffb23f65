import { z } from 'zod'
import { githubOrgNeeds } from '../../../lib/env'
import {
  commitFiles, createRepo, findCommit, findOwnRepo, findRemovableRepo, generateRepo, organization, readBranch,
} from '../../../lib/github'
import { fullNameRule } from '../../../../shared/schemas/rules'
import { externalName } from '../external-name'
import type { Ensure, ProvisionRequest, WorkspaceProvider } from '../types'

const NAME_LENGTH = 100

const options = z.strictObject({
  template: fullNameRule.optional().meta({
    title: 'Template',
    description: 'The repository to start from, owner/name, which is a template on GitHub. Absent: a README with the title.',
  }),
})

/** A private repository of its own in the organization. Its description contains its marker. */
export const gitRepo: WorkspaceProvider = {
  type: 'git_repo',
  name: 'GitHub Repository',
  creates: { service: 'GITHUB', count: 3 },
  repoTypes: ['github'],
  options,
  needs: githubOrgNeeds,
  reachesBeyond: given => options.parse(given).template !== undefined,
  refOf: (parentRef, name) => `${organization()}/${nameOf({ parentRef, name })}`,

  async provision(request, ensure) {
    const { template } = options.parse(request.options)
    const repo = { name: nameOf(request), description: request.title, marker: request.marker }
    const { id, url, detail } = await ensure({ type: 'REPO', name: repo.name }, {
      look: 'after-interruption',
      find: async ({ ours }) => {
        const found = await findOwnRepo(repo, 'WORKSPACE_REPO_NOT_OURS')
        return found && toCreated(found, { alreadyExisted: !ours })
      },
      create: async () => toCreated(await (template ? generateRepo(template, repo) : createRepo(repo))),
    })
    const { branch, createdAt, alreadyExisted } = detail as unknown as Detail
    const origin = { isFilled: template !== undefined, alreadyExisted }
    const sha = await seed(request, { name: repo.name, branch }, origin, ensure)
    const meta = { repoId: id, branch, sha, template: template ?? null, createdAt, ...alreadyExisted && { alreadyExisted } }
    return { ref: `${organization()}/${repo.name}`, url, meta }
  },

  async getStatus({ marker, meta, ...workspace }) {
    const found = await findOwnRepo({ name: nameOf(workspace), marker }, 'WORKSPACE_REPO_NOT_OURS')
    const expectedSha = typeof meta.sha === 'string' ? meta.sha : null
    if (!found) return { state: 'missing', expectedSha, actualSha: null }
    const actualSha = await readBranch(`${organization()}/${found.name}`, found.branch)
    return { state: expectedSha === null || actualSha === expectedSha ? 'ready' : 'drifted', expectedSha, actualSha }
  },

  deprovision: ({ marker, meta, ...workspace }) => findRemovableRepo({
    name: nameOf(workspace),
    marker,
    id: typeof meta.repoId === 'string' ? meta.repoId : undefined,
    seed: typeof meta.sha === 'string' ? meta.sha : undefined,
  }),
}

interface Detail { branch: string, createdAt: string, alreadyExisted?: boolean }

/** The organization has one flat list of names: those for repositories of other owners start with the owner. */
function nameOf({ parentRef, name }: Pick<ProvisionRequest, 'parentRef' | 'name'>): string {
  const [owner, home] = parentRef!.split('/')
  return externalName([...owner!.toLowerCase() === organization().toLowerCase() ? [] : [owner!], home!, name], NAME_LENGTH)
}

const toCreated = ({ id, url, branch }: { id: string, url: string, branch: string }, more: Partial<Detail> = {}) =>
  ({ id, url, detail: { branch, createdAt: new Date().toISOString(), ...more } })

/** `isFilled`: a template fills it; `alreadyExisted`: it existed before this request. */
interface Origin { isFilled: boolean, alreadyExisted?: boolean }

/**
 * Writes the first commit after GitHub's own, a README with the title, where no template fills the repository.
 * @returns its sha; null when there is none
 */
async function seed(
  { title, marker, createdAt }: ProvisionRequest,
  repo: { name: string, branch: string },
  { isFilled, alreadyExisted }: Origin,
  ensure: Ensure,
): Promise<string | null> {
  // People may have worked in one that existed before.
  if (alreadyExisted) return (await findCommit(repo, marker))?.sha ?? null
  if (isFilled) return null
  const { id } = await ensure({ type: 'SEED_COMMIT', name: repo.name }, {
    look: 'after-interruption',
    find: () => findCommit(repo, marker).then(commit => commit && { id: commit.sha, url: commit.url }),
    create: () => commitFiles(repo, { files: { 'README.md': `# ${title}\n` }, message: 'Begin', marker, date: createdAt })
      .then(({ sha, url }) => ({ id: sha, url })),
  })
  return id
}
