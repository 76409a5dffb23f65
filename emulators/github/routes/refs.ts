import type { Route } from '../../core/pipeline.ts'
import { empty, json } from '../../core/response.ts'
import { requireRepo } from '../access.ts'
import { optionalBoolean, requiredString } from '../body.ts'
import { notFound, unprocessable } from '../errors.ts'
import { objectType } from '../git/objects.ts'
import { conflictingRef, deleteRef, listRefs, readRef, writeRef } from '../git/repository.ts'
import type { GitHubCall, GitHubBackend, Identity } from '../backend.ts'
import { gitRef } from '../serializers/git.ts'
import type { Repo } from '../records.ts'
import { branchOf, checkMove, checkRefName, requireCommits, forbiddenChanges } from '../ref-rules.ts'
import { repoSubject } from './repos.ts'

/** Git references. */
export function refRoutes(backend: GitHubBackend): Route<Identity>[] {
  return [
    {
      method: 'GET',
      path: '/repos/:owner/:repo/git/ref/:ref{.+}',
      operation: 'git/get-ref',
      subject: refSubject,
      handler: async (call) => {
        const repo = requireRepo(backend, call)
        await requireCommits(backend, repo)
        const ref = `refs/${call.param('ref')}`
        const sha = await readRef(backend.git.of(repo), ref)
        if (sha === undefined) throw notFound()
        return await refResponse(backend, repo, ref, sha)
      },
    },
    {
      method: 'GET',
      path: '/repos/:owner/:repo/git/matching-refs/:ref{.+}',
      operation: 'git/list-matching-refs',
      subject: refSubject,
      handler: async (call) => {
        const repo = requireRepo(backend, call)
        await requireCommits(backend, repo)
        const repository = backend.git.of(repo)
        const refs = (await listRefs(repository, 'refs')).filter(({ ref }) => ref.startsWith(`refs/${call.param('ref')}`))
        const types = await Promise.all(refs.map(({ sha }) => objectType(repository, sha)))
        return json(refs.map(({ ref, sha }, i) => gitRef(backend, repo, ref, sha, types[i] ?? 'commit')))
      },
    },
    {
      method: 'POST',
      path: '/repos/:owner/:repo/git/refs',
      operation: 'git/create-ref',
      subject: call => `${repoSubject(call)}#${String(call.body.ref ?? '').replace(/^refs\//, '')}`,
      handler: async (call) => {
        const repo = requireRepo(backend, call, 'write')
        const ref = requiredString(call.body, 'ref')
        const sha = requiredString(call.body, 'sha')
        checkRefName(ref)
        return await backend.refs.run(repo.dir, () => create(backend, repo, ref, sha))
      },
    },
    {
      method: 'PATCH',
      path: '/repos/:owner/:repo/git/refs/:ref{.+}',
      operation: 'git/update-ref',
      subject: refSubject,
      handler: async (call) => {
        const repo = requireRepo(backend, call, 'write')
        return await backend.refs.run(repo.dir, () => update(backend, call, repo))
      },
    },
    {
      method: 'DELETE',
      path: '/repos/:owner/:repo/git/refs/:ref{.+}',
      operation: 'git/delete-ref',
      subject: refSubject,
      handler: async (call) => {
        const repo = requireRepo(backend, call, 'write')
        return await backend.refs.run(repo.dir, () => remove(backend, call, repo))
      },
    },
  ]
}

function refSubject(call: { param: (name: string) => string }): string {
  return `${repoSubject(call)}#${call.param('ref')}`
}

async function refResponse(backend: GitHubBackend, repo: Repo, ref: string, sha: string, status = 200): Promise<Response> {
  const body = gitRef(backend, repo, ref, sha, await objectType(backend.git.of(repo), sha) ?? 'commit')
  return json(body, status, status === 201 ? { location: body.url } : {})
}

async function create(backend: GitHubBackend, repo: Repo, ref: string, sha: string): Promise<Response> {
  const repository = backend.git.of(repo)
  await requireCommits(backend, repo)
  if (await readRef(repository, ref) !== undefined) throw unprocessable('Reference already exists')
  await checkTarget(backend, repo, ref, sha)
  const conflict = await conflictingRef(repository, ref)
  if (conflict !== undefined) throw unprocessable(`Reference cannot be created: it conflicts with ${conflict}.`)
  await writeRef(repository, ref, sha)
  backend.store.touch(repo)
  return await refResponse(backend, repo, ref, sha, 201)
}

async function update(backend: GitHubBackend, call: GitHubCall, repo: Repo): Promise<Response> {
  const repository = backend.git.of(repo)
  await requireCommits(backend, repo)
  const ref = `refs/${call.param('ref')}`
  const sha = requiredString(call.body, 'sha')
  const old = await readRef(repository, ref)
  if (old === undefined) throw unprocessable('Reference does not exist')
  await checkTarget(backend, repo, ref, sha)
  await checkMove(backend, call, repo, { ref, from: old, to: sha, force: optionalBoolean(call.body, 'force') ?? false })
  await writeRef(repository, ref, sha)
  backend.store.touch(repo)
  return await refResponse(backend, repo, ref, sha)
}

async function remove(backend: GitHubBackend, call: GitHubCall, repo: Repo): Promise<Response> {
  const repository = backend.git.of(repo)
  await requireCommits(backend, repo)
  const ref = `refs/${call.param('ref')}`
  if (await readRef(repository, ref) === undefined) throw unprocessable('Reference does not exist')
  const branch = branchOf(ref)
  const isForbidden = branch !== undefined && forbiddenChanges(backend, call.identity, repo, branch).remove
  if (isForbidden) throw unprocessable('Cannot delete this protected branch')
  if (branch === repo.defaultBranch) throw unprocessable('Cannot delete the default branch')
  await deleteRef(repository, ref)
  backend.store.touch(repo)
  return empty()
}

async function checkTarget(backend: GitHubBackend, repo: Repo, ref: string, sha: string): Promise<void> {
  const type = await objectType(backend.git.of(repo), sha)
  if (type === undefined) throw unprocessable('Object does not exist')
  if (branchOf(ref) !== undefined && type !== 'commit') throw unprocessable('Reference update failed: the object is not a commit')
}
