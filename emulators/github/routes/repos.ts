import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Route } from '../../core/pipeline.ts'
import { empty, json } from '../../core/response.ts'
import { levelOf, orgRole, requireRepo, requireToken } from '../access.ts'
import { invalidField, optionalBoolean, optionalString } from '../body.ts'
import { createRepo } from '../create-repo.ts'
import { creationForbidden, needsAdmin, notAccessible } from '../errors.ts'
import { readRef, setHead } from '../git/repository.ts'
import type { GitHubCall, GitHubBackend, Identity } from '../backend.ts'
import { paged } from '../paging.ts'
import { fullRepository, minimalRepository } from '../serializers/repo.ts'
import type { Repo, RepoChange } from '../records.ts'
import { nameTaken, repoDescription, repoFeatures, repoName, repoPrivate } from '../repo-rules.ts'
import { requireOrg } from './meta.ts'

/** Operations on repositories: create, read, change, delete, list. */
export function repoRoutes(backend: GitHubBackend): Route<Identity>[] {
  return [
    {
      method: 'GET',
      path: '/orgs/:org/repos',
      operation: 'repos/list-for-org',
      subject: call => call.param('org'),
      handler: call => list(backend, call, requireOrg(backend, call.param('org'))),
    },
    {
      method: 'POST',
      path: '/orgs/:org/repos',
      operation: 'repos/create-in-org',
      subject: call => String(call.body.name ?? ''),
      handler: async (call) => {
        requireToken(call)
        const org = requireOrg(backend, call.param('org'))
        const role = orgRole(call.identity, org)
        if (role !== 'admin' && role !== 'member') throw creationForbidden()
        return await create(backend, call, org)
      },
    },
    {
      method: 'POST',
      path: '/user/repos',
      operation: 'repos/create-for-authenticated-user',
      subject: call => String(call.body.name ?? ''),
      handler: call => create(backend, call, requireToken(call).login),
    },
    {
      method: 'GET',
      path: '/repos/:owner/:repo',
      operation: 'repos/get',
      subject: repoSubject,
      handler: call => json(fullRepository(backend, requireRepo(backend, call), call.identity)),
    },
    {
      method: 'PATCH',
      path: '/repos/:owner/:repo',
      operation: 'repos/update',
      subject: repoSubject,
      handler: async (call) => {
        const repo = requireRepo(backend, call, 'admin')
        const change = await changeOf(backend, call, repo)
        if (change.defaultBranch !== undefined) setHead(backend.git.of(repo), change.defaultBranch)
        return json(fullRepository(backend, backend.store.changeRepo(repo, change), call.identity))
      },
    },
    {
      method: 'DELETE',
      path: '/repos/:owner/:repo',
      operation: 'repos/delete',
      subject: repoSubject,
      handler: async (call) => {
        const repo = requireRepo(backend, call, 'admin')
        // The scope `repo` is not enough: https://docs.github.com/en/rest/repos/repos#delete-a-repository
        if (!requireToken(call).scopes.includes('delete_repo')) throw needsAdmin()
        backend.store.removeRepo(repo)
        backend.git.drop(repo.dir)
        await rm(join(backend.git.root, repo.dir), { recursive: true, force: true })
        return empty()
      },
    },
  ]
}

/** `owner/repo`, the subject of calls on a whole repository. */
export function repoSubject(call: { param: (name: string) => string }): string {
  return `${call.param('owner')}/${call.param('repo')}`
}

function list(backend: GitHubBackend, call: GitHubCall, owner: string): Response {
  const type = call.query('type') ?? 'all'
  const repos = backend.store.listRepos(owner)
    .filter(repo => levelOf(call.identity, repo) !== 'none')
    .filter(repo => type === 'all' || type === (repo.private ? 'private' : 'public'))
  if ((call.query('direction') ?? 'desc') === 'desc') repos.reverse()
  return paged(backend, call, repos, repo => minimalRepository(backend, repo, call.identity))
}

async function create(backend: GitHubBackend, call: GitHubCall, owner: string): Promise<Response> {
  const { login, scopes } = requireToken(call)
  const name = repoName(call.body)
  const hidden = repoPrivate(call.body, false)
  if (!scopes.includes('repo') && (hidden || !scopes.includes('public_repo'))) throw notAccessible()
  const description = repoDescription(call.body)
  const repo = await createRepo(backend, {
    owner,
    name,
    description,
    homepage: optionalString(call.body, 'homepage') ?? null,
    private: hidden,
    isTemplate: optionalBoolean(call.body, 'is_template') ?? false,
    defaultBranch: 'main',
    features: repoFeatures(call.body),
    files: optionalBoolean(call.body, 'auto_init') ? { 'README.md': readme(name, description) } : undefined,
    login,
  })
  const body = fullRepository(backend, repo, call.identity)
  return json(body, 201, { location: body.url })
}

/** The README of a repository that is created with `auto_init`. */
function readme(name: string, description: string | null): string {
  return description ? `# ${name}\n${description}\n` : `# ${name}\n`
}

async function changeOf(backend: GitHubBackend, call: GitHubCall, repo: Repo): Promise<RepoChange> {
  const { body } = call
  const change: RepoChange = { private: repoPrivate(body, repo.private), features: repoFeatures(body, repo.features) }
  if (body.name !== undefined) change.name = repoName(body)
  const other = change.name === undefined ? undefined : backend.store.findRepo(repo.owner, change.name)
  if (other && other.id !== repo.id) nameTaken()
  if (body.description !== undefined) change.description = repoDescription(body)
  if (body.homepage !== undefined) change.homepage = optionalString(body, 'homepage') ?? null
  change.archived = optionalBoolean(body, 'archived') ?? repo.archived
  change.isTemplate = optionalBoolean(body, 'is_template') ?? repo.isTemplate
  const branch = optionalString(body, 'default_branch')
  if (branch !== undefined) {
    if (await readRef(backend.git.of(repo), `refs/heads/${branch}`) === undefined) {
      const message = `The branch ${branch} was not found. Please push that ref first or create it via the Git Data API.`
      invalidField('Repository', 'default_branch', message)
    }
    change.defaultBranch = branch
  }
  return change
}
