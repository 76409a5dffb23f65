import type { Route } from '../../core/pipeline.ts'
import { json } from '../../core/response.ts'
import { isObject } from '../../core/types.ts'
import { requireRepo } from '../access.ts'
import { optionalString, requiredArray, requiredString } from '../body.ts'
import { notFound, unprocessable } from '../errors.ts'
import { resolveCommit } from '../git/history.ts'
import { blobSize, objectType, readTree, writeBlob, writeTree } from '../git/objects.ts'
import type { ObjectType, TreeEntry } from '../git/objects.ts'
import type { GitRepository } from '../git/repository.ts'
import { changeTree, walkTree } from '../git/trees.ts'
import type { Change } from '../git/trees.ts'
import type { GitHubBackend, Identity } from '../backend.ts'
import { repoUrl } from '../serializers/repo.ts'
import type { Repo, Schemas } from '../records.ts'
import { requireCommits } from '../ref-rules.ts'
import { repoSubject } from './repos.ts'

const TYPES: Record<string, 'blob' | 'tree' | 'commit'> = {
  '100644': 'blob',
  '100755': 'blob',
  '120000': 'blob',
  '040000': 'tree',
  '160000': 'commit',
}

/** Trees of the git database. */
export function treeRoutes(backend: GitHubBackend): Route<Identity>[] {
  return [
    {
      method: 'POST',
      path: '/repos/:owner/:repo/git/trees',
      operation: 'git/create-tree',
      subject: repoSubject,
      handler: async (call) => {
        const repo = requireRepo(backend, call, 'write')
        await requireCommits(backend, repo)
        const repository = backend.git.of(repo)
        const base = optionalString(call.body, 'base_tree')
        const baseType = base === undefined ? undefined : await objectType(repository, base)
        if (base !== undefined && baseType !== 'tree' && baseType !== 'commit') throw unprocessable('base_tree is not a valid tree oid')
        const changes = await changesOf(repository, requiredArray(call.body, 'tree'))
        const sha = await changeTree(repository, base, changes) ?? writeTree(repository, [])
        return json(await treeBody(backend, repo, sha, false), 201)
      },
    },
    {
      method: 'GET',
      path: '/repos/:owner/:repo/git/trees/:sha{.+}',
      operation: 'git/get-tree',
      subject: repoSubject,
      handler: async (call) => {
        const repo = requireRepo(backend, call)
        await requireCommits(backend, repo)
        const repository = backend.git.of(repo)
        const name = call.param('sha')
        const tree = await readTree(repository, name) ?? await readTree(repository, (await resolveCommit(repository, name))?.oid ?? '')
        if (tree === undefined) throw notFound()
        return json(await treeBody(backend, repo, tree.sha, call.query('recursive') !== undefined))
      },
    },
  ]
}

async function changesOf(repository: GitRepository, tree: unknown[]): Promise<Map<string, Change>> {
  const changes = new Map<string, Change>()
  for (const item of tree) {
    if (!isObject(item)) throw unprocessable('Invalid tree info')
    const path = requiredString(item, 'path')
    if (path.split('/').some(part => ['', '.', '..'].includes(part) || part.toLowerCase() === '.git')) {
      throw unprocessable('tree.path contains a malformed path component')
    }
    if (item.sha === null) {
      changes.set(path, null)
      continue
    }
    const mode = String(item.mode ?? '')
    const type = TYPES[mode]
    if (type === undefined) throw unprocessable('Must supply a valid tree.mode')
    const oid = typeof item.content === 'string' ? writeBlob(repository, Buffer.from(item.content)) : requiredString(item, 'sha')
    const found = await objectType(repository, oid)
    if (type !== 'commit' && found !== (type satisfies ObjectType)) throw unprocessable(`tree.sha ${oid} is not a valid ${type}`)
    changes.set(path, { mode, type, oid })
  }
  return changes
}

async function treeBody(backend: GitHubBackend, repo: Repo, sha: string, recursive: boolean): Promise<Schemas['git-tree']> {
  const repository = backend.git.of(repo)
  const url = `${repoUrl(backend, repo)}/git`
  const entries = recursive ? await walkTree(repository, sha) : (await readTree(repository, sha))?.entries ?? []
  const entryBody = async ({ path, mode, type, oid }: TreeEntry) => ({
    path,
    mode: mode.padStart(6, '0'),
    type,
    sha: oid,
    ...(type === 'blob' ? { size: await blobSize(repository, oid) } : {}),
    ...(type === 'commit' ? {} : { url: `${url}/${type}s/${oid}` }),
  })
  return { sha, url: `${url}/trees/${sha}`, tree: await Promise.all(entries.map(entryBody)), truncated: false }
}
