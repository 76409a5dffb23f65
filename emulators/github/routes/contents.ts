import type { Route } from '../../core/pipeline.ts'
import { json } from '../../core/refusal.ts'
import { repoOf } from '../access.ts'
import { optionalString, requiredString } from '../body.ts'
import { conflict, notFound, unprocessable } from '../errors.ts'
import { resolveCommit } from '../git/history.ts'
import { blobSize, readBlob, readCommit, readTree, writeBlob, writeCommit } from '../git/objects.ts'
import { readRef, writeRef } from '../git/repository.ts'
import { changeTree, findInTree } from '../git/trees.ts'
import type { GitHubCall, Hub, Identity } from '../hub.ts'
import { gitCommit } from '../present/git.ts'
import { repoPage, repoUrl } from '../present/repo.ts'
import type { Repo } from '../records.ts'
import { checkMove } from '../ref-rules.ts'
import { signaturesOf } from '../signatures.ts'
import { base64Lines } from './objects.ts'
import { repoSubject } from './repos.ts'

/** Files and folders of a branch. */
export function contentRoutes(hub: Hub): Route<Identity>[] {
  const read = { method: 'GET', operation: 'repos/get-content', subject: repoSubject, handler: (call: GitHubCall) => get(hub, call) } as const
  return [
    { ...read, path: '/repos/:owner/:repo/contents' },
    { ...read, path: '/repos/:owner/:repo/contents/:path{.+}' },
    {
      method: 'PUT',
      path: '/repos/:owner/:repo/contents/:path{.+}',
      operation: 'repos/create-or-update-file-contents',
      subject: repoSubject,
      handler: async (call) => {
        const repo = repoOf(hub, call, 'write')
        return await hub.refs.run(repo.dir, () => put(hub, call, repo))
      },
    },
  ]
}

async function get(hub: Hub, call: GitHubCall): Promise<Response> {
  const repo = repoOf(hub, call)
  const repository = hub.git.of(repo)
  const ref = call.query('ref') ?? repo.defaultBranch
  const commit = await resolveCommit(repository, ref)
  if (commit === undefined) throw notFound(call.query('ref') === undefined ? 'This repository is empty.' : `No commit found for the ref ${ref}`)
  const path = call.param('path').replace(/^\/+|\/+$/g, '')
  const found = await findInTree(repository, commit.commit.tree, path)
  if (found === undefined) throw notFound()
  if (found.type === 'blob') {
    const content = await readBlob(repository, found.oid) ?? new Uint8Array()
    return json({ ...entry(hub, repo, ref, path, found.oid, 'file', content.length), encoding: 'base64', content: base64Lines(content) })
  }
  const entries = (await readTree(repository, found.oid))?.entries ?? []
  return json(await Promise.all(entries.map(async ({ path: name, oid, type, mode }) => {
    const kind = type === 'tree' ? 'dir' : mode === '120000' ? 'symlink' : 'file'
    return entry(hub, repo, ref, path === '' ? name : `${path}/${name}`, oid, kind, type === 'blob' ? await blobSize(repository, oid) : 0)
  })))
}

function entry(hub: Hub, repo: Repo, ref: string, path: string, sha: string, type: 'file' | 'dir' | 'symlink', size: number) {
  const escaped = path.split('/').map(encodeURIComponent).join('/')
  const self = `${repoUrl(hub, repo)}/contents/${escaped}?ref=${encodeURIComponent(ref)}`
  const git = `${repoUrl(hub, repo)}/git/${type === 'dir' ? 'trees' : 'blobs'}/${sha}`
  const html = `${repoPage(hub, repo)}/${type === 'dir' ? 'tree' : 'blob'}/${ref}/${escaped}`
  return {
    type,
    name: path.split('/').at(-1) ?? '',
    path,
    sha,
    size,
    url: self,
    git_url: git,
    html_url: html,
    download_url: type === 'dir' ? null : `${repoPage(hub, repo)}/raw/${ref}/${escaped}`,
    _links: { self, git, html },
  }
}

async function put(hub: Hub, call: GitHubCall, repo: Repo): Promise<Response> {
  const repository = hub.git.of(repo)
  const message = requiredString(call.body, 'message')
  const content = Buffer.from(requiredString(call.body, 'content'), 'base64')
  const branch = optionalString(call.body, 'branch') ?? repo.defaultBranch
  const path = call.param('path')
  if (path.split('/').some(part => ['', '.', '..', '.git'].includes(part))) throw unprocessable('path contains a malformed path component')

  const head = await readRef(repository, `refs/heads/${branch}`)
  if (head === undefined && call.body.branch !== undefined && branch !== repo.defaultBranch) throw notFound(`Branch ${branch} not found`)
  const base = head === undefined ? undefined : (await readCommit(repository, head))?.commit.tree
  const old = base === undefined ? undefined : await findInTree(repository, base, path)
  const expected = optionalString(call.body, 'sha')
  if (old !== undefined && expected === undefined) throw unprocessable('Invalid request.\n\n"sha" wasn\'t supplied.')
  if (expected !== undefined && expected !== old?.oid) throw conflict(`${path} does not match ${expected}`)

  const oid = writeBlob(repository, content)
  const tree = await changeTree(repository, base, new Map([[path, { mode: '100644', type: 'blob', oid }]]))
  const sha = writeCommit(repository, { tree: tree ?? '', parents: head === undefined ? [] : [head], message, ...signaturesOf(call) })
  if (head !== undefined) await checkMove(hub, call, repo, `refs/heads/${branch}`, head, sha, false)
  await writeRef(repository, `refs/heads/${branch}`, sha)
  hub.store.pushed(repo)
  const commit = await readCommit(repository, sha)
  return json({
    content: entry(hub, repo, branch, path, oid, 'file', content.length),
    commit: commit && gitCommit(hub, repo, commit),
  }, old === undefined ? 201 : 200)
}
