import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Route } from '../../core/pipeline.ts'
import { empty, json } from '../../core/refusal.ts'
import { levelOf, orgRole, repoOf, signedIn } from '../access.ts'
import { invalidField, optionalBoolean, optionalString } from '../body.ts'
import { createRepo } from '../create-repo.ts'
import { forbidden, needsAdmin, notAccessible } from '../errors.ts'
import { readRef, setHead } from '../git/repository.ts'
import type { GitHubCall, Hub, Identity } from '../hub.ts'
import { paged } from '../paging.ts'
import { fullRepository, minimalRepository } from '../present/repo.ts'
import type { Repo, RepoChange } from '../records.ts'
import { nameTaken, repoDescription, repoFeatures, repoName, repoPrivate } from '../repo-rules.ts'
import { findOrg } from './meta.ts'

/** Repositories themselves: create, read, change, delete, list. */
export function repoRoutes(hub: Hub): Route<Identity>[] {
  return [
    {
      method: 'GET',
      path: '/orgs/:org/repos',
      operation: 'repos/list-for-org',
      subject: call => call.param('org'),
      handler: call => list(hub, call, findOrg(hub, call.param('org'))),
    },
    {
      method: 'POST',
      path: '/orgs/:org/repos',
      operation: 'repos/create-in-org',
      subject: call => String(call.body.name ?? ''),
      handler: async (call) => {
        signedIn(call)
        const org = findOrg(hub, call.param('org'))
        const role = orgRole(call.identity, org)
        if (role !== 'admin' && role !== 'member') throw forbidden('You need admin access to the organization before adding a repository to it.')
        return await create(hub, call, org)
      },
    },
    {
      method: 'POST',
      path: '/user/repos',
      operation: 'repos/create-for-authenticated-user',
      subject: call => String(call.body.name ?? ''),
      handler: call => create(hub, call, signedIn(call).login),
    },
    {
      method: 'GET',
      path: '/repos/:owner/:repo',
      operation: 'repos/get',
      subject: repoSubject,
      handler: call => json(fullRepository(hub, repoOf(hub, call), call.identity)),
    },
    {
      method: 'PATCH',
      path: '/repos/:owner/:repo',
      operation: 'repos/update',
      subject: repoSubject,
      handler: async (call) => {
        const repo = repoOf(hub, call, 'admin')
        const change = await changeOf(hub, call, repo)
        if (change.defaultBranch !== undefined) setHead(hub.git.of(repo), change.defaultBranch)
        return json(fullRepository(hub, hub.store.changeRepo(repo, change), call.identity))
      },
    },
    {
      method: 'DELETE',
      path: '/repos/:owner/:repo',
      operation: 'repos/delete',
      subject: repoSubject,
      handler: async (call) => {
        const repo = repoOf(hub, call, 'admin')
        // A scope of its own: `repo` is not enough, https://docs.github.com/en/rest/repos/repos#delete-a-repository
        if (!signedIn(call).scopes.includes('delete_repo')) throw needsAdmin()
        hub.store.removeRepo(repo)
        hub.git.forget(repo.dir)
        await rm(join(hub.git.root, repo.dir), { recursive: true, force: true })
        return empty()
      },
    },
  ]
}

/** `owner/repo`, the subject of calls about a repository as a whole. */
export function repoSubject(call: { param: (name: string) => string }): string {
  return `${call.param('owner')}/${call.param('repo')}`
}

function list(hub: Hub, call: GitHubCall, owner: string): Response {
  const type = call.query('type') ?? 'all'
  const repos = hub.store.listRepos(owner)
    .filter(repo => levelOf(call.identity, repo) !== 'none')
    .filter(repo => type === 'all' || type === (repo.private ? 'private' : 'public'))
  if ((call.query('direction') ?? 'desc') === 'desc') repos.reverse()
  return paged(hub, call, repos, repo => minimalRepository(hub, repo, call.identity))
}

async function create(hub: Hub, call: GitHubCall, owner: string): Promise<Response> {
  const { login, scopes } = signedIn(call)
  const name = repoName(call.body)
  const hidden = repoPrivate(call.body, false)
  if (!scopes.includes('repo') && (hidden || !scopes.includes('public_repo'))) throw notAccessible()
  const description = repoDescription(call.body)
  const repo = await createRepo(hub, {
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
  const body = fullRepository(hub, repo, call.identity)
  return json(body, 201, { location: body.url })
}

/** What GitHub writes into a repository that is created with `auto_init`. */
function readme(name: string, description: string | null): string {
  return description ? `# ${name}\n${description}\n` : `# ${name}\n`
}

async function changeOf(hub: Hub, call: GitHubCall, repo: Repo): Promise<RepoChange> {
  const { body } = call
  const change: RepoChange = { private: repoPrivate(body, repo.private), features: repoFeatures(body, repo.features) }
  if (body.name !== undefined) change.name = repoName(body)
  const other = change.name === undefined ? undefined : hub.store.findRepo(repo.owner, change.name)
  if (other && other.id !== repo.id) nameTaken()
  if (body.description !== undefined) change.description = repoDescription(body)
  if (body.homepage !== undefined) change.homepage = optionalString(body, 'homepage') ?? null
  change.archived = optionalBoolean(body, 'archived') ?? repo.archived
  change.isTemplate = optionalBoolean(body, 'is_template') ?? repo.isTemplate
  const branch = optionalString(body, 'default_branch')
  if (branch !== undefined) {
    if (await readRef(hub.git.of(repo), `refs/heads/${branch}`) === undefined) {
      invalidField('Repository', 'default_branch', `The branch ${branch} was not found. Please push that ref first or create it via the Git Data API.`)
    }
    change.defaultBranch = branch
  }
  return change
}
