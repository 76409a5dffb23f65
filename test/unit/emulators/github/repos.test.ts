import { describe, expect, it } from 'vitest'
import { GITHUB_BOT_LOGIN, GITHUB_ORG } from '../../../../emulators/defaults.ts'
import type { GitHubState } from '../../../../emulators/github/index.ts'
import { makeRepo, refusal, useGitHub } from '../support/emulators.ts'

const github = useGitHub()
const create = (name: string, options: object = {}) => github.octokit().repos.createInOrg({ org: GITHUB_ORG, name, private: true, ...options })

it('makes a private repository with or without a first commit', async () => {
  const { data } = await create('course', { auto_init: true, description: 'Learn' })
  expect(data).toMatchObject({ full_name: 'atelier/course', private: true, visibility: 'private', default_branch: 'main', permissions: { admin: true } })
  const { data: readme } = await github.octokit().repos.getContent({ owner: GITHUB_ORG, repo: 'course', path: 'README.md' })
  expect(Buffer.from((readme as { content: string }).content, 'base64').toString()).toBe('# course\nLearn\n')
  await create('empty')
  const state = await github.control.state<GitHubState>()
  expect(state.repos.map(repo => Object.values(repo.branches).map(branch => branch.commits.length))).toEqual([[1], []])
})

it('gives names GitHub\'s way and refuses what cannot be one', async () => {
  expect((await create('Übung  1: a/b')).data.name).toBe('-bung-1-a-b')
  for (const name of ['', '.', '..', 'x'.repeat(101), 'a.git']) {
    expect(await refusal(create(name)), name).toMatchObject({ status: 422, message: 'Repository creation failed.' })
  }
  expect(await refusal(create('long', { description: 'x'.repeat(351) }))).toMatchObject({ status: 422 })
  expect(await refusal(create('control', { description: 'a\nb' }))).toMatchObject({ status: 422 })
  expect((await github.control.state<GitHubState>()).repos).toHaveLength(1)
})

it('refuses a name that is taken, whatever its case, also when both come at once', async () => {
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

it('renames with a redirect from the old name, archives, and deletes', async () => {
  const at = await makeRepo(github)
  const api = github.octokit()
  await api.repos.update({ ...at, name: 'renamed', description: 'New' })
  expect((await api.repos.get(at)).data).toMatchObject({ name: 'renamed', description: 'New' })
  expect((await api.git.getRef({ ...at, ref: 'heads/main' })).data.ref).toBe('refs/heads/main')
  await makeRepo(github)
  expect(await refusal(api.repos.update({ ...at, name: 'Renamed' }))).toMatchObject({ status: 422 })
  await api.repos.delete(at)
  expect(await refusal(api.repos.get(at))).toMatchObject({ status: 404 })
})

it('lists by page, with links', async () => {
  for (const name of ['a', 'b', 'c']) await create(name)
  const api = github.octokit()
  const all = await api.paginate(api.repos.listForOrg, { org: GITHUB_ORG, per_page: 2 })
  expect(all.map(repo => repo.name)).toEqual(['c', 'b', 'a'])
})

it('has nothing left after a reset', async () => {
  await create('course', { auto_init: true })
  await fetch(`${github.url}/__emulator/reset`, { method: 'POST' })
  expect(await github.control.state<GitHubState>()).toMatchObject({ plan: 'team', repos: [] })
})

describe('access', () => {
  it('needs good credentials', async () => {
    expect(await (await fetch(`${github.apiUrl}/user`)).json()).toMatchObject({ message: 'Requires authentication', status: '401' })
    expect(await refusal(github.octokit('wrong').repos.get({ owner: GITHUB_ORG, repo: 'x' }))).toMatchObject({ status: 401, message: 'Bad credentials' })
    await github.control.settings({ tokens: { 'emulator-github-token': null } })
    expect(await refusal(github.octokit().users.getAuthenticated())).toMatchObject({ status: 401 })
  })

  it('hides private repositories from outsiders and from tokens without the scope', async () => {
    const at = await makeRepo(github)
    const open = await makeRepo(github, 'open', { private: false })
    await github.control.settings({ tokens: { stranger: { login: 'stranger', orgs: {} }, scopeless: { scopes: [] } } })
    for (const token of ['stranger', 'scopeless']) {
      const api = github.octokit(token)
      expect(await refusal(api.repos.get(at))).toMatchObject({ status: 404, message: 'Not Found' })
      expect(await refusal(api.git.getRef({ ...at, ref: 'heads/main' }))).toMatchObject({ status: 404 })
      expect((await api.repos.listForOrg({ org: GITHUB_ORG })).data.map(repo => repo.name)).toEqual(['open'])
      expect(await refusal(api.repos.createDispatchEvent({ ...open, event_type: 'x' }))).toMatchObject({ status: 403, message: 'Resource not accessible by personal access token' })
      expect(await refusal(api.repos.createInOrg({ org: GITHUB_ORG, name: 'n', private: true }))).toMatchObject({ status: 403 })
    }
  })

  it('lets members write but not protect', async () => {
    const at = await makeRepo(github)
    await github.control.settings({ tokens: { member: { login: 'member', orgs: { atelier: 'member' } } } })
    const member = github.octokit('member')
    const { data } = await member.git.getRef({ ...at, ref: 'heads/main' })
    await member.git.createRef({ ...at, ref: 'refs/heads/x', sha: data.object.sha })
    const protect = member.repos.updateBranchProtection({ ...at, branch: 'main', required_status_checks: null, enforce_admins: null, required_pull_request_reviews: null, restrictions: null })
    expect(await refusal(protect)).toMatchObject({ status: 403, message: 'Must have admin rights to Repository.' })
  })

  it('has strangers\' repositories as seeded', async () => {
    await github.control.settings({ seed: { repos: [{ name: 'taken', files: { 'README.md': 'not yours' } }] } })
    expect(await refusal(create('Taken'))).toMatchObject({ status: 422 })
    expect((await github.control.state<GitHubState>()).repos[0]?.branches.main?.commits[0]?.author).toBe('stranger')
    expect((await github.octokit().users.getAuthenticated()).data.login).toBe(GITHUB_BOT_LOGIN)
  })
})

it('answers malformed bodies and unknown paths', async () => {
  const post = (body: string) => fetch(`${github.apiUrl}/orgs/atelier/repos`, { method: 'POST', headers: { authorization: 'Bearer emulator-github-token' }, body })
  expect(await (await post('{')).json()).toMatchObject({ message: 'Problems parsing JSON', status: '400' })
  expect(await (await post('7')).json()).toMatchObject({ message: 'Body should be a JSON object' })
  expect((await post('{"name":7}')).status).toBe(422)
  const unknown = await fetch(`${github.apiUrl}/nothing`)
  expect(unknown.status).toBe(404)
  expect(unknown.headers.get('content-type')).toBe('application/json; charset=utf-8')
})

it('shows pages for the links that it gives', async () => {
  const at = await makeRepo(github, '-b')
  const { data } = await github.octokit().repos.update({ ...at, description: '<script>alert(1)</script>' })
  const { data: file } = await github.octokit().repos.getContent({ ...at, path: 'README.md' })
  const html = await (await fetch(data.html_url)).text()
  expect(html).toContain('&lt;script&gt;')
  expect(html).not.toContain('<script>alert')
  for (const url of [github.url, `${github.url}/atelier`, (file as { html_url: string }).html_url, (file as { download_url: string }).download_url, data.owner.avatar_url]) {
    expect((await fetch(url)).status, url).toBe(200)
  }
  expect((await fetch(`${github.url}/atelier/none`)).status).toBe(404)
})
