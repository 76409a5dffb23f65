import type { Route } from '../../core/pipeline.ts'
import { json } from '../../core/response.ts'
import { requireRepo } from '../access.ts'
import { optionalString, requiredString } from '../body.ts'
import { conflict, notFound, unprocessable } from '../errors.ts'
import { resolveCommit } from '../git/history.ts'
import { blobSize, readBlob, readCommit, readTree, writeBlob, writeCommit } from '../git/objects.ts'
import { readRef, writeRef } from '../git/repository.ts'
import { changeTree, findInTree } from '../git/trees.ts'
import type { GitHubCall, GitHubBackend, Identity } from '../backend.ts'
import { gitCommit } from '../serializers/git.ts'
import { repoPage, repoUrl } from '../serializers/repo.ts'
import type { Repo } from '../records.ts'
import { checkMove } from '../ref-rules.ts'
import { signaturesOf } from '../signatures.ts'
import { base64Lines } from './objects.ts'
import { repoSubject } from './repos.ts'

/** Files and folders of a branch. */
export function contentRoutes(backend: GitHubBackend): Route<Identity>[] {
  const read = {
    method: 'GET',
    operation: 'repos/get-content',
    subject: repoSubject,
    handler: (call: GitHubCall) => get(backend, call),
  } as const
  return [
    { ...read, path: '/repos/:owner/:repo/contents' },
    { ...read, path: '/repos/:owner/:repo/contents/:path{.+}' },
    {
      method: 'PUT',
      path: '/repos/:owner/:repo/contents/:path{.+}',
      operation: 'repos/create-or-update-file-contents',
      subject: repoSubject,
      handler: async (call) => {
        const repo = requireRepo(backend, call, 'write')
        return await backend.refs.run(repo.dir, () => put(backend, call, repo))
      },
    },
  ]
}

async function get(backend: GitHubBackend, call: GitHubCall): Promise<Response> {
  const repo = requireRepo(backend, call)
  const repository = backend.git.of(repo)
  const ref = call.query('ref') ?? repo.defaultBranch
  const commit = await resolveCommit(repository, ref)
  if (commit === undefined) {
    throw notFound(call.query('ref') === undefined ? 'This repository is empty.' : `No commit found for the ref ${ref}`)
  }
  const path = call.param('path').replace(/^\/+|\/+$/g, '')
  const entryOf = (entry: Entry) => entryBody(backend, repo, ref, entry)
  const found = await findInTree(repository, commit.commit.tree, path)
  if (found === undefined) throw notFound()
  if (found.type === 'blob') {
    const content = await readBlob(repository, found.oid) ?? new Uint8Array()
    const file = entryOf({ path, sha: found.oid, type: 'file', size: content.length })
    return json({ ...file, encoding: 'base64', content: base64Lines(content) })
  }
  const entries = (await readTree(repository, found.oid))?.entries ?? []
  return json(await Promise.all(entries.map(async ({ path: name, oid, type, mode }) => {
    const kind = type === 'tree' ? 'dir' : mode === '120000' ? 'symlink' : 'file'
    const size = type === 'blob' ? await blobSize(repository, oid) : 0
    return entryOf({ path: path === '' ? name : `${path}/${name}`, sha: oid, type: kind, size })
  })))
}

interface Entry { path: string, sha: string, type: 'file' | 'dir' | 'symlink', size: number }

function entryBody(backend: GitHubBackend, repo: Repo, ref: string, { path, sha, type, size }: Entry) {
  const escaped = path.split('/').map(encodeURIComponent).join('/')
  const self = `${repoUrl(backend, repo)}/contents/${escaped}?ref=${encodeURIComponent(ref)}`
  const git = `${repoUrl(backend, repo)}/git/${type === 'dir' ? 'trees' : 'blobs'}/${sha}`
  const html = `${repoPage(backend, repo)}/${type === 'dir' ? 'tree' : 'blob'}/${ref}/${escaped}`
  return {
    type,
    name: path.split('/').at(-1) ?? '',
    path,
    sha,
    size,
    url: self,
    git_url: git,
    html_url: html,
    download_url: type === 'dir' ? null : `${repoPage(backend, repo)}/raw/${ref}/${escaped}`,
    _links: { self, git, html },
  }
}

async function put(backend: GitHubBackend, call: GitHubCall, repo: Repo): Promise<Response> {
  const repository = backend.git.of(repo)
  const message = requiredString(call.body, 'message')
  const content = Buffer.from(requiredString(call.body, 'content'), 'base64')
  const branch = optionalString(call.body, 'branch') ?? repo.defaultBranch
  const path = call.param('path')
  const isMalformed = path.split('/').some(part => ['', '.', '..', '.git'].includes(part))
  if (isMalformed) throw unprocessable('path contains a malformed path component')

  const ref = `refs/heads/${branch}`
  const head = await readRef(repository, ref)
  const isOtherBranch = call.body.branch !== undefined && branch !== repo.defaultBranch
  if (head === undefined && isOtherBranch) throw notFound(`Branch ${branch} not found`)
  const base = head === undefined ? undefined : (await readCommit(repository, head))?.commit.tree
  const old = base === undefined ? undefined : await findInTree(repository, base, path)
  const expected = optionalString(call.body, 'sha')
  if (old !== undefined && expected === undefined) throw unprocessable('Invalid request.\n\n"sha" wasn\'t supplied.')
  if (expected !== undefined && expected !== old?.oid) throw conflict(`${path} does not match ${expected}`)

  const oid = writeBlob(repository, content)
  const tree = await changeTree(repository, base, new Map([[path, { mode: '100644', type: 'blob', oid }]]))
  const parents = head === undefined ? [] : [head]
  const sha = writeCommit(repository, { tree: tree ?? '', parents, message, ...signaturesOf(call) })
  if (head !== undefined) await checkMove(backend, call, repo, { ref, from: head, to: sha, force: false })
  await writeRef(repository, ref, sha)
  backend.store.touch(repo)
  const commit = await readCommit(repository, sha)
  return json({
    content: entryBody(backend, repo, branch, { path, sha: oid, type: 'file', size: content.length }),
    commit: commit && gitCommit(backend, repo, commit),
  }, old === undefined ? 201 : 200)
}
