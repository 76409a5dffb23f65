import { describe, expect, it } from 'vitest'
import { GITHUB_BOT_LOGIN, GITHUB_ORG } from '../../../../emulators/defaults.ts'
import type { GitHubState } from '../../../../emulators/github/index.ts'
import { createRepo, rejection, useGitHub } from '../support/emulators.ts'

const github = useGitHub()
const create = (name: string, options: object = {}) =>
  github.octokit().repos.createInOrg({ org: GITHUB_ORG, name, private: true, ...options })

it('creates a private repository with or without a first commit', async () => {
  const { data } = await create('course', { auto_init: true, description: 'Learn' })
  expect(data).toMatchObject({
    full_name: 'atelier/course',
    private: true,
    visibility: 'private',
    default_branch: 'main',
    permissions: { admin: true },
  })
  const { data: readme } = await github.octokit().repos.getContent({ owner: GITHUB_ORG, repo: 'course', path: 'README.md' })
  expect(Buffer.from((readme as { content: string }).content, 'base64').toString()).toBe('# course\nLearn\n')
  await create('empty')
  const state = await github.control.state<GitHubState>()
  expect(state.repos.map(repo => Object.values(repo.branches).map(branch => branch.commits.length))).toEqual([[1], []])
})

it('converts names as GitHub does, and refuses invalid ones', async () => {
  expect((await create('Übung  1: a/b')).data.name).toBe('-bung-1-a-b')
  for (const name of ['', '.', '..', 'x'.repeat(101), 'a.git']) {
    expect(await rejection(create(name)), name).toMatchObject({ status: 422, message: 'Repository creation failed.' })
  }
  expect(await rejection(create('long', { description: 'x'.repeat(351) }))).toMatchObject({ status: 422 })
  expect(await rejection(create('control', { description: 'a\nb' }))).toMatchObject({ status: 422 })
  expect((await github.control.state<GitHubState>()).repos).toHaveLength(1)
})

it('refuses a name that exists in any case, even for concurrent calls', async () => {
  const both = await Promise.allSettled(['Course', 'course', 'COURSE'].map(name => create(name, { auto_init: true })))
  expect(both.filter(result => result.status === 'fulfilled')).toHaveLength(1)
  const taken = await fetch(`${github.apiUrl}/orgs/atelier/repos`, {
    method: 'POST', headers: { authorization: 'token emulator-github-token' }, body: JSON.stringify({ name: 'cOURSE' }),
  })
  expect(taken.status).toBe(422)
  expect(await taken.json()).toEqual({
    message: 'Repository creation failed.',
    errors: [{ resource: 'Repository', code: 'custom', field: 'name', message: 'name already exists on this account' }],
    documentation_url: 'https://docs.github.com/rest',
    status: '422',
  })
})

it('renames with a redirect from the old name, and deletes', async () => {
  const at = await createRepo(github)
  const api = github.octokit()
  await api.repos.update({ ...at, name: 'renamed', description: 'New' })
  expect((await api.repos.get(at)).data).toMatchObject({ name: 'renamed', description: 'New' })
  expect((await api.git.getRef({ ...at, ref: 'heads/main' })).data.ref).toBe('refs/heads/main')
  await createRepo(github)
  expect(await rejection(api.repos.update({ ...at, name: 'Renamed' }))).toMatchObject({ status: 422 })
  await api.repos.delete(at)
  expect(await rejection(api.repos.get(at))).toMatchObject({ status: 404 })
})

it('lists repositories in pages, with links', async () => {
  for (const name of ['a', 'b', 'c']) await create(name)
  const api = github.octokit()
  const all = await api.paginate(api.repos.listForOrg, { org: GITHUB_ORG, per_page: 2 })
  expect(all.map(repo => repo.name)).toEqual(['c', 'b', 'a'])
})

it('is empty after a reset', async () => {
  await create('course', { auto_init: true })
  await fetch(`${github.url}/__emulator/reset`, { method: 'POST' })
  expect(await github.control.state<GitHubState>()).toMatchObject({ plan: 'team', repos: [] })
})

describe('access', () => {
  it('requires valid credentials', async () => {
    expect(await (await fetch(`${github.apiUrl}/user`)).json()).toMatchObject({ message: 'Requires authentication', status: '401' })
    expect(await rejection(github.octokit('wrong').repos.get({ owner: GITHUB_ORG, repo: 'x' })))
      .toMatchObject({ status: 401, message: 'Bad credentials' })
    await github.control.settings({ tokens: { 'emulator-github-token': null } })
    expect(await rejection(github.octokit().users.getAuthenticated())).toMatchObject({ status: 401 })
  })

  it('hides private repositories from non-members and from tokens without the scope', async () => {
    const at = await createRepo(github)
    const open = await createRepo(github, 'open', { private: false })
    await github.control.settings({ tokens: { outsider: { login: 'outsider', orgs: {} }, scopeless: { scopes: [] } } })
    for (const token of ['outsider', 'scopeless']) {
      const api = github.octokit(token)
      expect(await rejection(api.repos.get(at))).toMatchObject({ status: 404, message: 'Not Found' })
      expect(await rejection(api.git.getRef({ ...at, ref: 'heads/main' }))).toMatchObject({ status: 404 })
      expect((await api.repos.listForOrg({ org: GITHUB_ORG })).data.map(repo => repo.name)).toEqual(['open'])
      expect(await rejection(api.repos.createDispatchEvent({ ...open, event_type: 'x' })))
        .toMatchObject({ status: 403, message: 'Resource not accessible by personal access token' })
      expect(await rejection(api.repos.createInOrg({ org: GITHUB_ORG, name: 'n', private: true })))
        .toMatchObject({ status: 403 })
    }
  })

  it('lets members write but not protect', async () => {
    const at = await createRepo(github)
    await github.control.settings({ tokens: { member: { login: 'member', orgs: { atelier: 'member' } } } })
    const member = github.octokit('member')
    const { data } = await member.git.getRef({ ...at, ref: 'heads/main' })
    await member.git.createRef({ ...at, ref: 'refs/heads/x', sha: data.object.sha })
    const protect = member.repos.updateBranchProtection({
      ...at,
      branch: 'main',
      required_status_checks: null,
      enforce_admins: null,
      required_pull_request_reviews: null,
      restrictions: null,
    })
    expect(await rejection(protect)).toMatchObject({ status: 403, message: 'Must have admin rights to Repository.' })
  })

  it('has seeded repositories of other users', async () => {
    await github.control.settings({ seed: { repos: [{ name: 'taken', files: { 'README.md': 'not yours' } }] } })
    expect(await rejection(create('Taken'))).toMatchObject({ status: 422 })
    expect((await github.control.state<GitHubState>()).repos[0]?.branches.main?.commits[0]?.author).toBe('other-user')
    expect((await github.octokit().users.getAuthenticated()).data.login).toBe(GITHUB_BOT_LOGIN)
  })
})

it('answers malformed bodies and unknown paths with errors', async () => {
  const headers = { authorization: 'Bearer emulator-github-token' }
  const post = (body: string) => fetch(`${github.apiUrl}/orgs/atelier/repos`, { method: 'POST', headers, body })
  expect(await (await post('{')).json()).toMatchObject({ message: 'Problems parsing JSON', status: '400' })
  expect(await (await post('7')).json()).toMatchObject({ message: 'Body should be a JSON object' })
  expect((await post('{"name":7}')).status).toBe(422)
  const unknown = await fetch(`${github.apiUrl}/nothing`)
  expect(unknown.status).toBe(404)
  expect(unknown.headers.get('content-type')).toBe('application/json; charset=utf-8')
})

it('has web pages for its links', async () => {
  const at = await createRepo(github, '-b')
  const { data } = await github.octokit().repos.update({ ...at, description: '<script>alert(1)</script>' })
  const { data: file } = await github.octokit().repos.getContent({ ...at, path: 'README.md' })
  const html = await (await fetch(data.html_url)).text()
  expect(html).toContain('&lt;script&gt;')
  expect(html).not.toContain('<script>alert')
  const { html_url, download_url } = file as { html_url: string, download_url: string }
  for (const url of [github.url, `${github.url}/atelier`, html_url, download_url, data.owner.avatar_url]) {
    expect((await fetch(url)).status, url).toBe(200)
  }
  expect((await fetch(`${github.url}/atelier/none`)).status).toBe(404)
})
