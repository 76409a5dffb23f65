import { describe, expect, it } from 'vitest'
import type { GitHubState } from '../../../../emulators/github/index.ts'
import { createRepo, rejection, useGitHub } from '../support/emulators.ts'

const github = useGitHub()
const RULES = {
  required_status_checks: null,
  enforce_admins: false,
  required_pull_request_reviews: { required_approving_review_count: 1, dismiss_stale_reviews: true },
  restrictions: null,
}
const protect = (at: { owner: string, repo: string }, rules: object = {}) =>
  github.octokit().repos.updateBranchProtection({ ...at, branch: 'main', ...RULES, ...rules })

describe('protection', () => {
  it('is set, read and removed', async () => {
    const at = await createRepo(github)
    const api = github.octokit()
    expect(await rejection(api.repos.getBranchProtection({ ...at, branch: 'main' })))
      .toMatchObject({ status: 404, message: 'Branch not protected' })
    await protect(at)
    expect((await api.repos.getBranchProtection({ ...at, branch: 'main' })).data).toMatchObject({
      required_pull_request_reviews: { required_approving_review_count: 1, dismiss_stale_reviews: true },
      enforce_admins: { enabled: false },
      allow_force_pushes: { enabled: false },
    })
    expect((await api.repos.getBranch({ ...at, branch: 'main' })).data.protected).toBe(true)
    const state = await github.control.state<GitHubState>()
    expect(state.repos[0]?.branches.main?.protection?.required_pull_request_reviews?.required_approving_review_count).toBe(1)
    await api.repos.deleteBranchProtection({ ...at, branch: 'main' })
    expect((await api.repos.getBranch({ ...at, branch: 'main' })).data.protected).toBe(false)
  })

  it.each(Object.keys(RULES))('requires the field %s', async (key) => {
    const at = await createRepo(github)
    const message = `Invalid request.\n\n"${key}" wasn't supplied.`
    expect(await rejection(protect(at, { [key]: undefined }))).toMatchObject({ status: 422, message })
  })

  it('requires an existing branch, and a paid plan for private repositories', async () => {
    const at = await createRepo(github)
    const open = await createRepo(github, 'open', { private: false })
    expect(await rejection(protect(at, { branch: 'none' }))).toMatchObject({ status: 404, message: 'Branch not found' })
    await github.control.settings({ plan: 'free' })
    const message = 'Upgrade to GitHub Pro or make this repository public to enable this feature.'
    expect(await rejection(protect(at))).toMatchObject({ status: 403, message })
    await protect(open)
  })

  it('refuses forced updates and deletions by the API, and plain updates if the rules include admins', async () => {
    const at = await createRepo(github)
    const api = github.octokit()
    await protect(at)
    const { data: ref } = await api.git.getRef({ ...at, ref: 'heads/main' })
    const { data: head } = await api.git.getCommit({ ...at, commit_sha: ref.object.sha })
    const commit = async (parents: string[]) =>
      (await api.git.createCommit({ ...at, message: 'm', tree: head.tree.sha, parents })).data.sha
    const next = await commit([head.sha])
    await api.git.updateRef({ ...at, ref: 'heads/main', sha: next })
    const forced = { ...at, ref: 'heads/main', sha: await commit([]), force: true }
    expect(await rejection(api.git.updateRef(forced))).toMatchObject({ status: 422 })
    expect(await rejection(api.git.deleteRef({ ...at, ref: 'heads/main' }))).toMatchObject({ status: 422 })
    await protect(at, { enforce_admins: true })
    const plain = { ...at, ref: 'heads/main', sha: await commit([next]) }
    expect(await rejection(api.git.updateRef(plain))).toMatchObject({ status: 422 })
  })
})

it('writes and reads contents', async () => {
  const at = await createRepo(github, 'empty', { auto_init: false })
  const api = github.octokit()
  const put = (content: string, sha?: string) => api.repos.createOrUpdateFileContents({
    ...at,
    path: 'docs/a b.md',
    message: 'Write',
    content: Buffer.from(content).toString('base64'),
    sha,
  })
  const { data: first } = await put('one')
  expect(await rejection(put('two'))).toMatchObject({ status: 422 })
  expect(await rejection(put('two', '1'.repeat(40)))).toMatchObject({ status: 409 })
  await put('two', first.content?.sha)
  const { data } = await api.repos.getContent({ ...at, path: 'docs/a b.md' })
  expect(Buffer.from((data as { content: string }).content, 'base64').toString()).toBe('two')
  expect((await api.repos.getContent({ ...at, path: '' })).data).toMatchObject([{ name: 'docs', type: 'dir' }])
  expect((await api.repos.listCommits(at)).data.map(commit => commit.commit.message)).toEqual(['Write', 'Write'])
  expect((await api.repos.listCommits({ ...at, per_page: 1 })).data).toHaveLength(1)
  expect(await rejection(api.repos.getContent({ ...at, path: 'none' }))).toMatchObject({ status: 404 })
})

it('combines the newest status of each context', async () => {
  const at = await createRepo(github)
  const api = github.octokit()
  const sha = (await api.git.getRef({ ...at, ref: 'heads/main' })).data.object.sha
  const set = (state: string, context?: string) =>
    api.repos.createCommitStatus({ ...at, sha, state: state as 'success', context })
  const combined = async () => (await api.repos.getCombinedStatusForRef({ ...at, ref: 'main' })).data
  expect(await combined()).toMatchObject({ state: 'pending', total_count: 0 })
  await set('pending', 'ci')
  await set('success', 'lint')
  expect(await combined()).toMatchObject({ state: 'pending', total_count: 2 })
  await set('success', 'ci')
  expect((await combined()).state).toBe('success')
  await set('error')
  expect((await combined()).state).toBe('failure')
  expect(await rejection(set('done'))).toMatchObject({ status: 422 })
  const unknown = { ...at, sha: '1'.repeat(40), state: 'success' as const }
  expect(await rejection(api.repos.createCommitStatus(unknown))).toMatchObject({ status: 422 })
})

it('accepts dispatches within GitHub\'s limits, and lists them', async () => {
  const at = await createRepo(github)
  const send = (event_type: string, client_payload: Record<string, unknown> = {}) =>
    github.octokit().repos.createDispatchEvent({ ...at, event_type, client_payload })
  const keys = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`key${i}`, i]))
  expect((await send('x'.repeat(100), keys(10))).status).toBe(204)
  expect(await rejection(send('x'.repeat(101)))).toMatchObject({ status: 422 })
  expect(await rejection(send('x', keys(11)))).toMatchObject({ status: 422 })
  expect(await rejection(send('x', { big: 'x'.repeat(65_536) }))).toMatchObject({ status: 422 })
  const state = await github.control.state<GitHubState>()
  expect(state.repos[0]?.dispatches).toMatchObject([{ event_type: 'x'.repeat(100), client_payload: keys(10) }])
})

describe('rate limits', () => {
  it('have headers with the usage when they are on', async () => {
    const { headers: off } = await github.octokit().users.getAuthenticated()
    expect(off).toMatchObject({ 'x-github-request-id': expect.any(String), 'content-type': 'application/json; charset=utf-8' })
    expect(off).not.toHaveProperty('x-ratelimit-remaining')
    await github.control.limits({ enforce: true })
    const { headers } = await github.octokit().users.getAuthenticated()
    expect(headers).toMatchObject({ 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '4999', 'x-ratelimit-resource': 'core' })
  })

  it('refuse content creation beyond the limit of a minute, and say how long to wait', async () => {
    await github.control.limits({ enforce: true, contentPerMinute: 2 })
    await createRepo(github, 'a')
    await createRepo(github, 'b')
    const refused = await rejection(createRepo(github, 'c'))
    expect(refused).toMatchObject({ status: 403, message: expect.stringContaining('You have exceeded a secondary rate limit') })
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(50)
    await github.octokit().users.getAuthenticated()
    expect((await github.control.state<GitHubState>()).repos).toHaveLength(2)
  })

  it('refuse by points and by concurrent calls, with the configured status', async () => {
    await github.control.limits({ enforce: true, points: 6, status: 429 })
    await createRepo(github, 'a')
    await github.octokit().users.getAuthenticated()
    expect(await rejection(github.octokit().users.getAuthenticated()))
      .toMatchObject({ status: 429, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } })
    await github.control.limits({ enforce: true, points: 900, concurrent: 2 })
    await github.control.latency(1000)
    const all = await Promise.allSettled(Array.from({ length: 3 }, () => github.octokit().users.getAuthenticated()))
    expect(all.some(result => result.status === 'rejected')).toBe(true)
  })

  it('refuse requests beyond the limit of an hour', async () => {
    await github.control.limits({ enforce: true, primary: 1 })
    await github.octokit().users.getAuthenticated()
    const refused = await rejection(github.octokit().users.getAuthenticated())
    expect(refused).toMatchObject({ status: 403, headers: { 'x-ratelimit-remaining': '0' } })
    expect(Number(refused.headers['x-ratelimit-reset']) * 1000).toBeGreaterThan(Date.now())
    expect((await github.octokit().rateLimit.get()).data.rate.remaining).toBe(0)
  })
})
