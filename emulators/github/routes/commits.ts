import type { Route } from '../../core/pipeline.ts'
import { json } from '../../core/refusal.ts'
import { repoOf } from '../access.ts'
import { conflict, notFound, unprocessable } from '../errors.ts'
import { ancestors, log, resolveCommit } from '../git/history.ts'
import type { Commit } from '../git/objects.ts'
import { listRefs } from '../git/repository.ts'
import type { GitHubCall, Hub, Identity } from '../hub.ts'
import { paged } from '../paging.ts'
import { fullCommit } from '../present/git.ts'
import { repoPage, repoUrl } from '../present/repo.ts'
import type { Repo } from '../records.ts'
import { repoSubject } from './repos.ts'

/** History: lists of commits, single commits, comparisons. */
export function commitRoutes(hub: Hub): Route<Identity>[] {
  return [
    {
      method: 'GET',
      path: '/repos/:owner/:repo/commits',
      operation: 'repos/list-commits',
      subject: repoSubject,
      handler: async (call) => {
        const repo = repoOf(hub, call)
        const repository = hub.git.of(repo)
        if ((await listRefs(repository, 'refs/heads')).length === 0) throw conflict('Git Repository is empty.')
        const start = await resolveCommit(repository, call.query('sha') ?? repo.defaultBranch)
        if (start === undefined) throw notFound()
        return paged(hub, call, await log(repository, start.oid), commit => fullCommit(hub, repo, commit))
      },
    },
    {
      method: 'GET',
      path: '/repos/:owner/:repo/commits/:ref{.+}',
      operation: 'repos/get-commit',
      subject: call => `${repoSubject(call)}#${call.param('ref')}`,
      handler: async (call) => {
        const { repo, commit } = await commitOf(hub, call)
        return json({ ...fullCommit(hub, repo, commit), stats: { additions: 0, deletions: 0, total: 0 }, files: [] })
      },
    },
    {
      method: 'GET',
      path: '/repos/:owner/:repo/compare/:basehead{.+}',
      operation: 'repos/compare-commits',
      subject: call => `${repoSubject(call)}#${call.param('basehead')}`,
      handler: call => compare(hub, call),
    },
  ]
}

/** The commit that the path's `ref` means; 422 as GitHub answers for names of nothing. */
export async function commitOf(hub: Hub, call: GitHubCall): Promise<{ repo: Repo, commit: Commit }> {
  const repo = repoOf(hub, call)
  const name = call.param('ref')
  const commit = await resolveCommit(hub.git.of(repo), name)
  if (commit === undefined) throw unprocessable(`No commit found for SHA: ${name}`)
  return { repo, commit }
}

async function compare(hub: Hub, call: GitHubCall): Promise<Response> {
  const repo = repoOf(hub, call)
  const repository = hub.git.of(repo)
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
  const page = `${repoPage(hub, repo)}/compare/${baseName}...${headName}`
  return json({
    url: `${repoUrl(hub, repo)}/compare/${baseName}...${headName}`,
    html_url: page,
    permalink_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    base_commit: fullCommit(hub, repo, base),
    merge_base_commit: fullCommit(hub, repo, common),
    status,
    ahead_by: ahead.length,
    behind_by: behind,
    total_commits: ahead.length,
    commits: ahead.slice(0, 250).map(commit => fullCommit(hub, repo, commit)),
    files: [],
  })
}
