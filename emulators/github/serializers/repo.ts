import { levelOf } from '../access.ts'
import type { GitHubBackend, Identity } from '../backend.ts'
import type { Repo, Schemas } from '../records.ts'
import { nodeId, simpleUser } from './user.ts'

/** URL templates of a repository, relative to its own URL. */
const TEMPLATES = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
} as const

/** URL of a repository in the API. */
export function repoUrl(backend: GitHubBackend, repo: Repo): string {
  return `${backend.apiUrl}/repos/${repo.owner}/${repo.name}`
}

/** URL of a repository's web page. */
export function repoPage(backend: GitHubBackend, repo: Repo): string {
  return `${backend.url}/${repo.owner}/${repo.name}`
}

/** A repository, as its own endpoints answer it. */
export function fullRepository(backend: GitHubBackend, repo: Repo, identity: Identity): Schemas['full-repository'] {
  const url = repoUrl(backend, repo)
  const page = repoPage(backend, repo)
  const owner = simpleUser(backend, repo.owner)
  const templates = Object.fromEntries(
    Object.entries(TEMPLATES).map(([key, path]) => [key, url + path]),
  ) as Record<keyof typeof TEMPLATES, string>
  const level = levelOf(identity, repo)
  const admin = level === 'admin'
  const push = admin || level === 'write'
  const openIssues = backend.store.countIssues(repo)
  return {
    id: repo.id,
    node_id: nodeId('Repository', repo.id),
    name: repo.name,
    full_name: `${repo.owner}/${repo.name}`,
    owner,
    ...(owner.type === 'Organization' ? { organization: owner } : {}),
    private: repo.private,
    visibility: repo.private ? 'private' : 'public',
    html_url: page,
    description: repo.description,
    fork: false,
    url,
    ...templates,
    git_url: `${page.replace(/^http/, 'git')}.git`,
    ssh_url: `ssh://git@127.0.0.1/${repo.owner}/${repo.name}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: repo.homepage,
    language: null,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    subscribers_count: 0,
    network_count: 0,
    size: 0,
    default_branch: repo.defaultBranch,
    open_issues: openIssues,
    open_issues_count: openIssues,
    is_template: repo.isTemplate,
    topics: [],
    has_pages: false,
    has_downloads: true,
    ...repo.features,
    archived: repo.archived,
    disabled: false,
    license: null,
    allow_forking: false,
    web_commit_signoff_required: false,
    pushed_at: repo.pushedAt,
    created_at: repo.createdAt,
    updated_at: repo.updatedAt,
    permissions: { admin, maintain: admin, push, triage: push, pull: true },
  }
}

/** A repository, as lists and other objects embed it. */
export function minimalRepository(backend: GitHubBackend, repo: Repo, identity: Identity): Schemas['minimal-repository'] {
  const { organization, license, custom_properties, temp_clone_token, ...rest } = fullRepository(backend, repo, identity)
  return rest
}
