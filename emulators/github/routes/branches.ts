import type { Route } from '../../core/pipeline.ts'
import { empty, json } from '../../core/response.ts'
import { requireRepo } from '../access.ts'
import { forbidden, notFound } from '../errors.ts'
import { readCommit } from '../git/objects.ts'
import { listRefs, readRef } from '../git/repository.ts'
import type { GitHubCall, GitHubBackend, Identity } from '../backend.ts'
import { paged } from '../paging.ts'
import { fullCommit } from '../serializers/git.ts'
import { branchProtection, protectionUrl } from '../serializers/protection.ts'
import { repoPage, repoUrl } from '../serializers/repo.ts'
import { protectionOf } from '../protection-rules.ts'
import type { Repo, Schemas } from '../records.ts'
import { repoSubject } from './repos.ts'

/** Branches and their protection. */
export function branchRoutes(backend: GitHubBackend): Route<Identity>[] {
  const protection = { path: '/repos/:owner/:repo/branches/:branch{.+}/protection', subject: branchSubject }
  return [
    {
      method: 'GET',
      path: '/repos/:owner/:repo/branches',
      operation: 'repos/list-branches',
      subject: repoSubject,
      handler: async (call) => {
        const repo = requireRepo(backend, call)
        const filter = call.query('protected')
        const branches = (await listRefs(backend.git.of(repo), 'refs/heads'))
          .map(({ ref, sha }) => shortBranch(backend, repo, ref.slice('refs/heads/'.length), sha))
          .filter(branch => filter === undefined || branch.protected === (filter === 'true'))
        return paged(backend, call, branches, branch => branch)
      },
    },
    {
      ...protection,
      method: 'GET',
      operation: 'repos/get-branch-protection',
      handler: async (call) => {
        const { repo, branch } = await requireProtectable(backend, call)
        const rules = backend.store.protection(repo, branch)
        if (rules === undefined) throw notFound('Branch not protected')
        return json(branchProtection(backend, repo, branch, rules))
      },
    },
    {
      ...protection,
      method: 'PUT',
      operation: 'repos/update-branch-protection',
      handler: async (call) => {
        const { repo, branch } = await requireProtectable(backend, call)
        const rules = protectionOf(call.body, backend.settings.current.orgs.includes(repo.owner))
        backend.store.protect(repo, branch, rules)
        return json(branchProtection(backend, repo, branch, rules))
      },
    },
    {
      ...protection,
      method: 'DELETE',
      operation: 'repos/delete-branch-protection',
      handler: async (call) => {
        const { repo, branch } = await requireProtectable(backend, call)
        if (!backend.store.unprotect(repo, branch)) throw notFound('Branch not protected')
        return empty()
      },
    },
    {
      method: 'GET',
      path: '/repos/:owner/:repo/branches/:branch{.+}',
      operation: 'repos/get-branch',
      subject: branchSubject,
      handler: async (call) => {
        const repo = requireRepo(backend, call)
        const name = call.param('branch')
        const repository = backend.git.of(repo)
        const sha = await readRef(repository, `refs/heads/${name}`)
        const commit = sha === undefined ? undefined : await readCommit(repository, sha)
        if (commit === undefined) throw notFound('Branch not found')
        const short = shortBranch(backend, repo, name, commit.oid)
        const body: Schemas['branch-with-protection'] = {
          name,
          commit: fullCommit(backend, repo, commit),
          _links: {
            self: `${repoUrl(backend, repo)}/branches/${encodeURIComponent(name)}`,
            html: `${repoPage(backend, repo)}/tree/${name}`,
          },
          protected: short.protected,
          protection: short.protection ?? { enabled: false },
          protection_url: protectionUrl(backend, repo, name),
        }
        return json(body)
      },
    },
  ]
}

function branchSubject(call: { param: (name: string) => string }): string {
  return `${repoSubject(call)}#${call.param('branch')}`
}

/** The branch of a protection call. @throws HttpError unless the caller is an admin and the plan has protection */
async function requireProtectable(backend: GitHubBackend, call: GitHubCall): Promise<{ repo: Repo, branch: string }> {
  const repo = requireRepo(backend, call, 'admin')
  const branch = call.param('branch')
  if (repo.private && backend.settings.current.plan === 'free') {
    throw forbidden('Upgrade to GitHub Pro or make this repository public to enable this feature.')
  }
  if (await readRef(backend.git.of(repo), `refs/heads/${branch}`) === undefined) throw notFound('Branch not found')
  return { repo, branch }
}

function shortBranch(backend: GitHubBackend, repo: Repo, name: string, sha: string): Schemas['short-branch'] {
  const rules = backend.store.protection(repo, name)
  const checks = rules?.required_status_checks
  return {
    name,
    commit: { sha, url: `${repoUrl(backend, repo)}/commits/${sha}` },
    protected: rules !== undefined,
    protection: {
      enabled: rules !== undefined,
      required_status_checks: {
        enforcement_level: checks ? (rules?.enforce_admins ? 'everyone' : 'non_admins') : 'off',
        contexts: checks?.contexts ?? [],
        checks: (checks?.contexts ?? []).map(context => ({ context, app_id: null })),
      },
    },
    protection_url: protectionUrl(backend, repo, name),
  }
}
