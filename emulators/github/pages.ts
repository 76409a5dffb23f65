import { Hono } from 'hono'
import type { Context } from 'hono'
import { html } from 'hono/html'
import { list, page } from '../core/page.ts'
import type { Html } from '../core/page.ts'
import type { App } from '../core/pipeline.ts'
import { log, resolveCommit } from './git/history.ts'
import { readBlob } from './git/objects.ts'
import type { Commit } from './git/objects.ts'
import { listRefs } from './git/repository.ts'
import { findInTree, walkTree } from './git/trees.ts'
import type { GitHubBackend } from './backend.ts'
import { isoSeconds } from './serializers/git.ts'
import { repoPage } from './serializers/repo.ts'
import type { Protection, Repo } from './records.ts'
import { fullName } from './repo-rules.ts'

const COMMITS_SHOWN = 20

/** Web pages for every `html_url`. They show private repositories, because only the local user can open them. */
export function pageRoutes(backend: GitHubBackend): App {
  const app: App = new Hono()
  const findRepo = (c: Context) => backend.store.findRepo(c.req.param('owner') ?? '', c.req.param('repo') ?? '')

  app.get('/', c => c.html(repoList(backend, 'Repositories', backend.store.listRepos())))
  app.get('/avatars/:login', c => c.body(avatar(c.req.param('login')), 200, { 'content-type': 'image/svg+xml' }))
  app.get('/:owner', c => c.html(repoList(backend, c.req.param('owner'), backend.store.listRepos(c.req.param('owner')))))
  const repoPaths = ['', '/tree/:ref{.+}', '/commit/:ref', '/settings/branches'].map(path => `/:owner/:repo${path}`)
  app.on('GET', repoPaths, async (c) => {
    const repo = findRepo(c)
    return repo ? c.html(await repoView(backend, repo, c.req.param('ref') ?? repo.defaultBranch)) : notFound(c)
  })
  app.on('GET', ['/:owner/:repo/blob/:path{.+}', '/:owner/:repo/raw/:path{.+}'], async (c) => {
    const repo = findRepo(c)
    const file = repo && await fileAt(backend, repo, c.req.param('path'))
    if (!repo || !file) return notFound(c)
    if (c.req.path.split('/')[3] === 'raw') {
      return c.body(Buffer.from(file.content), 200, { 'content-type': 'text/plain; charset=utf-8' })
    }
    const text = Buffer.from(file.content).toString()
    return c.html(page(file.path, html`<h1>${repoLink(backend, repo)} / ${file.path}</h1><pre>${text}</pre>`))
  })
  return app
}

function notFound(c: Context) {
  return c.html(page('Not found', html`<h1>Not found</h1><p><a href="/">All repositories</a></p>`), 404)
}

function repoLink(backend: GitHubBackend, repo: Repo): Html {
  return html`<a href="${repoPage(backend, repo)}">${fullName(repo)}</a>`
}

function visibility(repo: Repo): Html {
  return html`<span class="badge">${repo.private ? 'Private' : 'Public'}</span>`
}

function repoList(backend: GitHubBackend, title: string, repos: Repo[]): Html {
  return page(title, html`<h1>${title}</h1>${list(repos.map(repo =>
    html`${repoLink(backend, repo)} ${visibility(repo)} <small>${repo.description ?? ''}</small>`), 'No repository yet.')}`)
}

async function repoView(backend: GitHubBackend, repo: Repo, ref: string): Promise<Html> {
  const repository = backend.git.of(repo)
  const here = repoPage(backend, repo)
  const commit = await resolveCommit(repository, ref)
  const files = commit ? (await walkTree(repository, commit.commit.tree)).filter(entry => entry.type === 'blob') : []
  const commits = commit ? (await log(repository, commit.oid)).slice(0, COMMITS_SHOWN) : []
  const branches = (await listRefs(repository, 'refs/heads')).map(branch => branch.ref.slice('refs/heads/'.length))
  const protections = backend.store.protections(repo)
  return page(fullName(repo), html`
<h1>${repoLink(backend, repo)} ${visibility(repo)}</h1>
<p>${repo.description ?? ''}</p>
<p><code>git clone ${here}.git</code></p>
<h2>Files of ${ref}</h2>
${list(
  files.map(({ path }) => html`<a href="${here}/blob/${ref}/${path}">${path}</a>`),
  commit ? 'No files.' : 'This repository is empty.',
)}
<h2>Commits</h2>
${list(commits.map(entry => commitLine(here, entry)), 'No commit yet.')}
<h2>Branches</h2>
${list(branches.map(name => html`<a href="${here}/tree/${name}">${name}</a>
  ${name === repo.defaultBranch ? html`<span class="badge">default</span>` : ''} ${rules(protections.get(name))}`), 'No branch yet.')}`)
}

function commitLine(here: string, { oid, commit }: Commit): Html {
  return html`<a href="${here}/commit/${oid}"><code>${oid.slice(0, 7)}</code></a> ${commit.message.split('\n')[0] ?? ''}
  <small>${commit.author.name}, ${isoSeconds(commit.committer.timestamp)}</small>`
}

function rules(protection: Protection | undefined): Html {
  if (protection === undefined) return html``
  const reviews = protection.required_pull_request_reviews
  const parts = [
    ...(reviews ? [`pull request with ${reviews.required_approving_review_count} approval(s)`] : []),
    ...(protection.required_status_checks ? [`checks: ${protection.required_status_checks.contexts.join(', ')}`] : []),
    protection.allow_force_pushes ? 'force push allowed' : 'no force push',
    protection.allow_deletions ? 'may be deleted' : 'no deletion',
  ]
  return html`<span class="badge">protected</span> <small>${parts.join(' · ')}</small>`
}

/** A file by `ref/path`. Both may contain slashes: the shortest prefix that names a commit is the ref. */
async function fileAt(backend: GitHubBackend, repo: Repo, refAndPath: string): Promise<{ path: string, content: Uint8Array } | undefined> {
  const repository = backend.git.of(repo)
  const parts = refAndPath.split('/')
  for (let i = 1; i < parts.length; i++) {
    const commit = await resolveCommit(repository, parts.slice(0, i).join('/'))
    if (commit === undefined) continue
    const path = parts.slice(i).join('/')
    const found = await findInTree(repository, commit.commit.tree, path)
    const content = found && await readBlob(repository, found.oid)
    if (content) return { path, content }
  }
  return undefined
}

/** An image of the first letter of a login. A letter needs no escaping. */
function avatar(login: string): string {
  const letter = /[a-z]/i.exec(login)?.[0]?.toUpperCase() ?? ''
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" fill="#6e7781"/>`
    + `<text x="20" y="28" font-family="sans-serif" font-size="22" fill="#fff" text-anchor="middle">${letter}</text></svg>`
}
