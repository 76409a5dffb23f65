import type { Route } from '../../core/pipeline.ts'
import { json } from '../../core/response.ts'
import { requireRepo } from '../access.ts'
import { invalidRequest, notFound, unprocessable } from '../errors.ts'
import { requiredString } from '../body.ts'
import { readBlob, readCommit, objectType, writeBlob, writeCommit } from '../git/objects.ts'
import type { GitHubBackend, Identity } from '../backend.ts'
import { gitCommit } from '../serializers/git.ts'
import { repoUrl } from '../serializers/repo.ts'
import { nodeId } from '../serializers/user.ts'
import { requireCommits } from '../ref-rules.ts'
import { signaturesOf } from '../signatures.ts'
import { repoSubject } from './repos.ts'

const LINE = /.{1,60}/g

/** Blobs and commits of the git database. */
export function objectRoutes(backend: GitHubBackend): Route<Identity>[] {
  return [
    {
      method: 'POST',
      path: '/repos/:owner/:repo/git/blobs',
      operation: 'git/create-blob',
      subject: repoSubject,
      handler: async (call) => {
        const repo = requireRepo(backend, call, 'write')
        await requireCommits(backend, repo)
        const encoding = call.body.encoding ?? 'utf-8'
        if (encoding !== 'utf-8' && encoding !== 'base64') {
          throw invalidRequest(`For 'encoding', ${JSON.stringify(encoding)} is not one of utf-8, base64.`)
        }
        const content = Buffer.from(requiredString(call.body, 'content'), encoding)
        const sha = writeBlob(backend.git.of(repo), content)
        return json({ sha, url: `${repoUrl(backend, repo)}/git/blobs/${sha}` }, 201)
      },
    },
    {
      method: 'GET',
      path: '/repos/:owner/:repo/git/blobs/:sha',
      operation: 'git/get-blob',
      subject: repoSubject,
      handler: async (call) => {
        const repo = requireRepo(backend, call)
        await requireCommits(backend, repo)
        const sha = call.param('sha')
        const blob = await readBlob(backend.git.of(repo), sha)
        if (blob === undefined) throw notFound()
        return json({
          sha,
          node_id: nodeId('Blob', `${repo.id}:${sha}`),
          size: blob.length,
          url: `${repoUrl(backend, repo)}/git/blobs/${sha}`,
          content: base64Lines(blob),
          encoding: 'base64',
        })
      },
    },
    {
      method: 'POST',
      path: '/repos/:owner/:repo/git/commits',
      operation: 'git/create-commit',
      subject: repoSubject,
      handler: async (call) => {
        const repo = requireRepo(backend, call, 'write')
        await requireCommits(backend, repo)
        const repository = backend.git.of(repo)
        const message = requiredString(call.body, 'message')
        const tree = requiredString(call.body, 'tree')
        if (await objectType(repository, tree) !== 'tree') throw unprocessable('Tree SHA does not exist')
        const parents = Array.isArray(call.body.parents) ? call.body.parents.map(String) : []
        for (const parent of parents) {
          if (await objectType(repository, parent) === 'commit') continue
          throw unprocessable('Parent SHA does not exist or is not a commit object')
        }
        const sha = writeCommit(repository, { tree, parents, message, ...signaturesOf(call) })
        const commit = await readCommit(repository, sha)
        if (commit === undefined) throw notFound()
        const body = gitCommit(backend, repo, commit)
        return json(body, 201, { location: body.url })
      },
    },
    {
      method: 'GET',
      path: '/repos/:owner/:repo/git/commits/:sha',
      operation: 'git/get-commit',
      subject: repoSubject,
      handler: async (call) => {
        const repo = requireRepo(backend, call)
        await requireCommits(backend, repo)
        const sha = call.param('sha')
        const commit = await readCommit(backend.git.of(repo), sha)
        if (commit === undefined || commit.oid !== sha) throw notFound()
        return json(gitCommit(backend, repo, commit))
      },
    },
  ]
}

/** Base64 in lines of 60 characters, as GitHub sends contents. */
export function base64Lines(content: Uint8Array): string {
  return (Buffer.from(content).toString('base64').match(LINE) ?? []).map(line => `${line}\n`).join('')
}
