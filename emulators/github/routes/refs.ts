import type { Route } from '../../core/pipeline.ts'
import { empty, json } from '../../core/refusal.ts'
import { repoOf } from '../access.ts'
import { optionalBoolean, requiredString } from '../body.ts'
import { notFound, unprocessable } from '../errors.ts'
import { objectType } from '../git/objects.ts'
import { clashingRef, deleteRef, listRefs, readRef, writeRef } from '../git/repository.ts'
import type { GitHubCall, Hub, Identity } from '../hub.ts'
import { gitRef } from '../present/git.ts'
import type { Repo } from '../records.ts'
import { branchOf, checkMove, checkRefName, needCommits, refusals } from '../ref-rules.ts'
import { repoSubject } from './repos.ts'

/** Git references. */
export function refRoutes(hub: Hub): Route<Identity>[] {
  return [
    {
      method: 'GET',
      path: '/repos/:owner/:repo/git/ref/:ref{.+}',
      operation: 'git/get-ref',
      subject: refSubject,
      handler: async (call) => {
        const repo = repoOf(hub, call)
        await needCommits(hub, repo)
        const ref = `refs/${call.param('ref')}`
        const sha = await readRef(hub.git.of(repo), ref)
        if (sha === undefined) throw notFound()
        return await presented(hub, repo, ref, sha)
      },
    },
    {
      method: 'GET',
      path: '/repos/:owner/:repo/git/matching-refs/:ref{.+}',
      operation: 'git/list-matching-refs',
      subject: refSubject,
      handler: async (call) => {
        const repo = repoOf(hub, call)
        await needCommits(hub, repo)
        const repository = hub.git.of(repo)
        const refs = (await listRefs(repository, 'refs')).filter(({ ref }) => ref.startsWith(`refs/${call.param('ref')}`))
        const types = await Promise.all(refs.map(({ sha }) => objectType(repository, sha)))
        return json(refs.map(({ ref, sha }, i) => gitRef(hub, repo, ref, sha, types[i] ?? 'commit')))
      },
    },
    {
      method: 'POST',
      path: '/repos/:owner/:repo/git/refs',
      operation: 'git/create-ref',
      subject: call => `${repoSubject(call)}#${String(call.body.ref ?? '').replace(/^refs\//, '')}`,
      handler: async (call) => {
        const repo = repoOf(hub, call, 'write')
        const ref = requiredString(call.body, 'ref')
        const sha = requiredString(call.body, 'sha')
        checkRefName(ref)
        return await hub.refs.run(repo.dir, () => create(hub, repo, ref, sha))
      },
    },
    {
      method: 'PATCH',
      path: '/repos/:owner/:repo/git/refs/:ref{.+}',
      operation: 'git/update-ref',
      subject: refSubject,
      handler: async (call) => {
        const repo = repoOf(hub, call, 'write')
        return await hub.refs.run(repo.dir, () => update(hub, call, repo))
      },
    },
    {
      method: 'DELETE',
      path: '/repos/:owner/:repo/git/refs/:ref{.+}',
      operation: 'git/delete-ref',
      subject: refSubject,
      handler: async (call) => {
        const repo = repoOf(hub, call, 'write')
        return await hub.refs.run(repo.dir, () => remove(hub, call, repo))
      },
    },
  ]
}

function refSubject(call: { param: (name: string) => string }): string {
  return `${repoSubject(call)}#${call.param('ref')}`
}

async function presented(hub: Hub, repo: Repo, ref: string, sha: string, status = 200): Promise<Response> {
  const body = gitRef(hub, repo, ref, sha, await objectType(hub.git.of(repo), sha) ?? 'commit')
  return json(body, status, status === 201 ? { location: body.url } : {})
}

async function create(hub: Hub, repo: Repo, ref: string, sha: string): Promise<Response> {
  const repository = hub.git.of(repo)
  await needCommits(hub, repo)
  if (await readRef(repository, ref) !== undefined) throw unprocessable('Reference already exists')
  await checkTarget(hub, repo, ref, sha)
  const clash = await clashingRef(repository, ref)
  if (clash !== undefined) throw unprocessable(`Reference cannot be created: it conflicts with ${clash}.`)
  await writeRef(repository, ref, sha)
  hub.store.pushed(repo)
  return await presented(hub, repo, ref, sha, 201)
}

async function update(hub: Hub, call: GitHubCall, repo: Repo): Promise<Response> {
  const repository = hub.git.of(repo)
  await needCommits(hub, repo)
  const ref = `refs/${call.param('ref')}`
  const sha = requiredString(call.body, 'sha')
  const old = await readRef(repository, ref)
  if (old === undefined) throw unprocessable('Reference does not exist')
  await checkTarget(hub, repo, ref, sha)
  await checkMove(hub, call, repo, ref, old, sha, optionalBoolean(call.body, 'force') ?? false)
  await writeRef(repository, ref, sha)
  hub.store.pushed(repo)
  return await presented(hub, repo, ref, sha)
}

async function remove(hub: Hub, call: GitHubCall, repo: Repo): Promise<Response> {
  const repository = hub.git.of(repo)
  await needCommits(hub, repo)
  const ref = `refs/${call.param('ref')}`
  if (await readRef(repository, ref) === undefined) throw unprocessable('Reference does not exist')
  const branch = branchOf(ref)
  if (branch !== undefined && refusals(hub, call.identity, repo, branch).remove) throw unprocessable('Cannot delete this protected branch')
  if (branch === repo.defaultBranch) throw unprocessable('Cannot delete the default branch')
  await deleteRef(repository, ref)
  hub.store.pushed(repo)
  return empty()
}

async function checkTarget(hub: Hub, repo: Repo, ref: string, sha: string): Promise<void> {
  const type = await objectType(hub.git.of(repo), sha)
  if (type === undefined) throw unprocessable('Object does not exist')
  if (branchOf(ref) !== undefined && type !== 'commit') throw unprocessable('Reference update failed: the object is not a commit')
}
