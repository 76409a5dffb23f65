import type { Route } from '../../core/pipeline.ts'
import { json } from '../../core/response.ts'
import { requireRepo } from '../access.ts'
import { invalidField, optionalString, requiredString } from '../body.ts'
import { unprocessable } from '../errors.ts'
import { readCommit } from '../git/objects.ts'
import type { GitHubBackend, Identity } from '../backend.ts'
import { pageOf, paged } from '../paging.ts'
import { minimalRepository, repoUrl } from '../serializers/repo.ts'
import { nodeId, simpleUser } from '../serializers/user.ts'
import type { Repo, Schemas, Status } from '../records.ts'
import { requireCommit } from './commits.ts'
import { repoSubject } from './repos.ts'

const STATES = ['error', 'failure', 'pending', 'success']
const MAX_PER_CONTEXT = 1000

/** Commit statuses. */
export function statusRoutes(backend: GitHubBackend): Route<Identity>[] {
  return [
    {
      method: 'POST',
      path: '/repos/:owner/:repo/statuses/:sha',
      operation: 'repos/create-commit-status',
      subject: call => `${repoSubject(call)}#${call.param('sha')}`,
      handler: async (call) => {
        const repo = requireRepo(backend, call, 'write')
        const sha = call.param('sha')
        const state = requiredString(call.body, 'state')
        const context = optionalString(call.body, 'context') ?? 'default'
        const description = optionalString(call.body, 'description') ?? null
        const target_url = optionalString(call.body, 'target_url') || null
        if (!STATES.includes(state)) invalidField('Status', 'state', 'state is not included in the list')
        if (description !== null && description.length > 140) {
          invalidField('Status', 'description', 'description is too long (maximum is 140 characters)')
        }
        if (target_url !== null && !/^https?:\/\//.test(target_url)) {
          invalidField('Status', 'target_url', 'target_url must use http(s) scheme')
        }
        if (await readCommit(backend.git.of(repo), sha) === undefined) throw unprocessable(`No commit found for SHA: ${sha}`)
        const earlier = backend.store.statuses(repo, sha).filter(status => status.context === context)
        if (earlier.length >= MAX_PER_CONTEXT) {
          invalidField('Status', 'context', 'This SHA and context has reached the maximum number of statuses.')
        }
        const status = backend.store.addStatus(repo, {
          sha, state: state as Status['state'], context, description, target_url, creator: call.identity?.login ?? '',
        })
        const body = fullStatus(backend, repo, status)
        return json(body, 201, { location: body.url })
      },
    },
    {
      method: 'GET',
      path: '/repos/:owner/:repo/commits/:ref{.+}/status',
      operation: 'repos/get-combined-status-for-ref',
      subject: call => `${repoSubject(call)}#${call.param('ref')}`,
      handler: async (call) => {
        const { repo, commit } = await requireCommit(backend, call)
        const { page, perPage } = pageOf(call)
        const latest = newestOfEachContext(backend.store.statuses(repo, commit.oid))
        const url = `${repoUrl(backend, repo)}/commits/${commit.oid}`
        const body: Schemas['combined-commit-status'] = {
          state: combined(latest),
          statuses: latest.slice((page - 1) * perPage, page * perPage).map(status => simpleStatus(backend, repo, status)),
          sha: commit.oid,
          total_count: latest.length,
          repository: minimalRepository(backend, repo, call.identity),
          commit_url: url,
          url: `${url}/status`,
        }
        return json(body)
      },
    },
    {
      method: 'GET',
      path: '/repos/:owner/:repo/commits/:ref{.+}/statuses',
      operation: 'repos/list-commit-statuses-for-ref',
      subject: call => `${repoSubject(call)}#${call.param('ref')}`,
      handler: async (call) => {
        const { repo, commit } = await requireCommit(backend, call)
        return paged(backend, call, backend.store.statuses(repo, commit.oid), status => fullStatus(backend, repo, status))
      },
    },
  ]
}

function newestOfEachContext(statuses: Status[]): Status[] {
  const seen = new Set<string>()
  return statuses.filter(({ context }) => !seen.has(context) && seen.add(context))
}

function combined(statuses: Status[]): 'failure' | 'pending' | 'success' {
  if (statuses.some(({ state }) => state === 'error' || state === 'failure')) return 'failure'
  return statuses.length > 0 && statuses.every(({ state }) => state === 'success') ? 'success' : 'pending'
}

function simpleStatus(backend: GitHubBackend, repo: Repo, status: Status): Schemas['simple-commit-status'] {
  const { id, state, context, description, target_url, sha, created_at } = status
  return {
    id,
    node_id: nodeId('StatusContext', id),
    url: `${repoUrl(backend, repo)}/statuses/${sha}`,
    state,
    context,
    description,
    target_url,
    avatar_url: simpleUser(backend, status.creator).avatar_url,
    created_at,
    updated_at: created_at,
  }
}

function fullStatus(backend: GitHubBackend, repo: Repo, status: Status): Schemas['status'] {
  return {
    ...simpleStatus(backend, repo, status),
    target_url: status.target_url ?? '',
    description: status.description ?? '',
    creator: simpleUser(backend, status.creator),
  }
}
