import type { Route } from '../../core/pipeline.ts'
import { json } from '../../core/response.ts'
import { requireRepo } from '../access.ts'
import { conflict, notFound, unprocessable } from '../errors.ts'
import { ancestors, log, resolveCommit } from '../git/history.ts'
import type { Commit } from '../git/objects.ts'
import { listRefs } from '../git/repository.ts'
import type { GitHubCall, GitHubBackend, Identity } from '../backend.ts'
import { paged } from '../paging.ts'
import { fullCommit } from '../serializers/git.ts'
import { repoPage, repoUrl } from '../serializers/repo.ts'
import type { Repo } from '../records.ts'
import { repoSubject } from './repos.ts'

/** History: lists of commits, single commits, comparisons. */
export function commitRoutes(backend: GitHubBackend): Route<Identity>[] {
  return [
    {
      method: 'GET',
      path: '/repos/:owner/:repo/commits',
      operation: 'repos/list-commits',
      subject: repoSubject,
      handler: async (call) => {
        const repo = requireRepo(backend, call)
        const repository = backend.git.of(repo)
        if ((await listRefs(repository, 'refs/heads')).length === 0) throw conflict('Git Repository is empty.')
        const start = await resolveCommit(repository, call.query('sha') ?? repo.defaultBranch)
        if (start === undefined) throw notFound()
        return paged(backend, call, await log(repository, start.oid), commit => fullCommit(backend, repo, commit))
      },
    },
    {
      method: 'GET',
      path: '/repos/:owner/:repo/commits/:ref{.+}',
      operation: 'repos/get-commit',
      subject: call => `${repoSubject(call)}#${call.param('ref')}`,
      handler: async (call) => {
        const { repo, commit } = await requireCommit(backend, call)
        return json({ ...fullCommit(backend, repo, commit), stats: { additions: 0, deletions: 0, total: 0 }, files: [] })
      },
    },
    {
      method: 'GET',
      path: '/repos/:owner/:repo/compare/:basehead{.+}',
      operation: 'repos/compare-commits',
      subject: call => `${repoSubject(call)}#${call.param('basehead')}`,
      handler: call => compare(backend, call),
    },
  ]
}

/** The commit of the path's `ref`. @throws HttpError 422 if there is none */
export async function requireCommit(backend: GitHubBackend, call: GitHubCall): Promise<{ repo: Repo, commit: Commit }> {
  const repo = requireRepo(backend, call)
  const name = call.param('ref')
  const commit = await resolveCommit(backend.git.of(repo), name)
  if (commit === undefined) throw unprocessable(`No commit found for SHA: ${name}`)
  return { repo, commit }
}

async function compare(backend: GitHubBackend, call: GitHubCall): Promise<Response> {
  const repo = requireRepo(backend, call)
  const repository = backend.git.of(repo)
  const [baseName = '', headName = ''] = call.param('basehead').split('...')
  const [base, head] = await Promise.all([resolveCommit(repository, baseName), resolveCommit(repository, headName)])
  if (base === undefined || head === undefined) throw notFound()

  const [ofBase, ofHead] = await Promise.all([ancestors(repository, base.oid), ancestors(repository, head.oid)])
  const history = await log(repository, head.oid)
  const ahead = history.filter(commit => !ofBase.has(commit.oid)).reverse()
  const behind = [...ofBase].filter(sha => !ofHead.has(sha)).length
  const common = history.find(commit => ofBase.has(commit.oid))
  if (common === undefined) throw notFound(`No common ancestor between ${baseName} and ${headName}.`)
  const status = ahead.length > 0 ? (behind > 0 ? 'diverged' : 'ahead') : behind > 0 ? 'behind' : 'identical'
  const page = `${repoPage(backend, repo)}/compare/${baseName}...${headName}`
  return json({
    url: `${repoUrl(backend, repo)}/compare/${baseName}...${headName}`,
    html_url: page,
    permalink_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    base_commit: fullCommit(backend, repo, base),
    merge_base_commit: fullCommit(backend, repo, common),
    status,
    ahead_by: ahead.length,
    behind_by: behind,
    total_commits: ahead.length,
    commits: ahead.slice(0, 250).map(commit => fullCommit(backend, repo, commit)),
    files: [],
  })
}
