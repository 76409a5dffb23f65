import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { GITHUB_TOKEN } from '../../../../emulators/defaults.ts'
import { createRepo, rejection, temporaryFolder, useGitHub } from '../support/emulators.ts'

const github = useGitHub()
const folder = temporaryFolder()
const exec = promisify(execFile)
let next = 0

/** Runs git. The error of a failed run contains stderr. */
async function git(cwd: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'init.defaultBranch=main']
  return (await exec('git', [...identity, ...args], { cwd, env })).stdout.trim()
}

const remote = (repo: string, token = GITHUB_TOKEN) =>
  `${github.url.replace('//', `//x-access-token:${token}@`)}/atelier/${repo}.git`

async function clone(repo: string, ...args: string[]): Promise<string> {
  const path = join(folder.path, `clone-${next++}`)
  await git(folder.path, 'clone', '-q', ...args, remote(repo), path)
  return path
}

async function commit(path: string, file: string, content: string): Promise<string> {
  await mkdir(join(path, file, '..'), { recursive: true })
  await writeFile(join(path, file), content)
  await git(path, 'add', '-A')
  await git(path, 'commit', '-qm', `Add ${file}`)
  return await git(path, 'rev-parse', 'HEAD')
}

const protect = (at: { owner: string, repo: string }, rules: object = {}) => github.octokit().repos.updateBranchProtection({
  ...at,
  branch: 'main',
  required_status_checks: null,
  enforce_admins: false,
  required_pull_request_reviews: { required_approving_review_count: 1 },
  restrictions: null,
  ...rules,
})

it('clones commits of the API, and the API reads commits of a push', async () => {
  const api = github.octokit()
  const at = await createRepo(github)
  const { data: ref } = await api.git.getRef({ ...at, ref: 'heads/main' })
  const { data: tree } = await api.git.createTree({
    ...at,
    base_tree: ref.object.sha,
    tree: [{ path: 'docs/a.md', mode: '100644', type: 'blob', content: 'from the API' }],
  })
  const parents = [ref.object.sha]
  const { data: created } = await api.git.createCommit({ ...at, message: 'By the API', tree: tree.sha, parents })
  await api.git.updateRef({ ...at, ref: 'heads/main', sha: created.sha })

  const path = await clone('course')
  expect(await git(path, 'rev-parse', 'HEAD')).toBe(created.sha)
  expect(await git(path, 'show', 'HEAD:docs/a.md')).toBe('from the API')
  await git(path, 'fsck', '--strict')

  const pushed = await commit(path, 'docs/b.md', 'from git')
  await git(path, 'push', '-q', 'origin', 'HEAD', 'HEAD:refs/heads/task/001')
  expect((await api.git.getRef({ ...at, ref: 'heads/main' })).data.object.sha).toBe(pushed)
  expect((await api.repos.listBranches(at)).data.map(branch => branch.name)).toEqual(['main', 'task/001'])
  const { data: file } = await api.repos.getContent({ ...at, path: 'docs/b.md', mediaType: { format: 'json' } })
  expect(Buffer.from((file as { content: string }).content, 'base64').toString()).toBe('from git')
})

it('reads a push that git stores as a pack', async () => {
  const at = await createRepo(github)
  const path = await clone('course')
  for (let i = 0; i < 120; i++) await writeFile(join(path, `${i}.md`), `file ${i}`)
  const pushed = await commit(path, 'last.md', 'the last')
  await git(path, 'push', '-q', 'origin', 'HEAD')
  const { data } = await github.octokit().git.getTree({ ...at, tree_sha: pushed })
  expect(data.tree).toHaveLength(122)
  const { data: commits } = await github.octokit().repos.listCommits(at)
  expect(commits.map(({ sha }) => sha)[0]).toBe(pushed)
})

it('accepts a first push to an empty repository, and makes its branch the default', async () => {
  const at = await createRepo(github, 'empty', { auto_init: false })
  const path = join(folder.path, 'fresh')
  await mkdir(path)
  await git(path, 'init', '-q')
  const sha = await commit(path, 'a.md', 'a')
  await git(path, 'push', '-q', remote('empty'), 'HEAD:refs/heads/trunk')
  expect((await github.octokit().repos.get(at)).data.default_branch).toBe('trunk')
  expect((await github.octokit().repos.getBranch({ ...at, branch: 'trunk' })).data.commit.sha).toBe(sha)
  expect(await git(await clone('empty'), 'rev-parse', 'HEAD')).toBe(sha)
})

it('serves partial clones', async () => {
  await createRepo(github)
  const path = await clone('course', '--filter=blob:none', '--no-checkout')
  const missing = await git(path, 'rev-list', '--objects', '--missing=print', 'HEAD')
  expect(missing).toMatch(/^\?[0-9a-f]{40}$/m)
})

describe('access', () => {
  it('requires a token, and hides private repositories from non-members', async () => {
    await createRepo(github)
    await createRepo(github, 'open', { private: false })
    await github.control.settings({ tokens: { outsider: { login: 'outsider', orgs: {} } } })
    const read = (url: string) => git(folder.path, 'ls-remote', url)
    await expect(read(`${github.url}/atelier/course.git`)).rejects.toThrow(/could not read Username|Authentication failed/)
    await expect(read(remote('course', 'wrong'))).rejects.toThrow('Authentication failed')
    await expect(read(remote('course', 'outsider'))).rejects.toThrow('not found')
    expect(await read(`${github.url}/atelier/open.git`)).toContain('refs/heads/main')
  })

  it('accepts the token as user name, and refuses a push by a reader', async () => {
    await createRepo(github)
    await github.control.settings({ tokens: { reader: { login: 'reader', orgs: { atelier: 'reader' } } } })
    const url = `${github.url.replace('//', `//${GITHUB_TOKEN}@`)}/atelier/course.git`
    expect(await git(folder.path, 'ls-remote', url).catch(error => String(error))).toContain('refs/heads/main')
    const path = await clone('course')
    await commit(path, 'a.md', 'a')
    await expect(git(path, 'push', remote('course', 'reader'), 'HEAD')).rejects.toThrow('403')
  })
})

describe('a protected branch', () => {
  it('accepts a plain push of an admin, but no force push and no deletion', async () => {
    const at = await createRepo(github)
    await protect(at)
    const path = await clone('course')
    const sha = await commit(path, 'a.md', 'a')
    await git(path, 'push', '-q', 'origin', 'HEAD')
    expect((await github.octokit().git.getRef({ ...at, ref: 'heads/main' })).data.object.sha).toBe(sha)

    await git(path, 'commit', '-q', '--amend', '-m', 'rewritten')
    await expect(git(path, 'push', '--force', 'origin', 'HEAD')).rejects.toThrow(/GH006.*main[\s\S]*Cannot force-push/)
    await git(path, 'push', '-q', '--force', 'origin', 'HEAD:refs/heads/main-2')
    await protect(at, { branch: 'main-2' })
    await expect(git(path, 'push', 'origin', ':main-2')).rejects.toThrow(/GH006.*main-2[\s\S]*Cannot delete/)
    await expect(git(path, 'push', 'origin', ':main')).rejects.toThrow('refusing to delete the current branch')
    expect((await github.octokit().git.getRef({ ...at, ref: 'heads/main' })).data.object.sha).toBe(sha)
  })

  it('refuses direct pushes of members, and of admins if the rules include them', async () => {
    const at = await createRepo(github)
    await github.control.settings({ tokens: { member: { login: 'member', orgs: { atelier: 'member' } } } })
    await protect(at)
    const path = await clone('course')
    await commit(path, 'a.md', 'a')
    await expect(git(path, 'push', remote('course', 'member'), 'HEAD:main')).rejects.toThrow('pull request')
    await git(path, 'push', '-q', remote('course', 'member'), 'HEAD:refs/heads/work')
    await protect(at, { enforce_admins: true })
    await expect(git(path, 'push', 'origin', 'HEAD:main')).rejects.toThrow('pull request')
  })

  it('accepts a force push and a deletion if the rules allow them', async () => {
    const at = await createRepo(github)
    await protect(at, { allow_force_pushes: true, allow_deletions: true })
    const path = await clone('course')
    await git(path, 'commit', '-q', '--amend', '-m', 'rewritten')
    await git(path, 'push', '-q', '--force', 'origin', 'HEAD')
    await git(path, 'push', '-q', 'origin', 'HEAD:refs/heads/other')
    await protect(at, { branch: 'other', allow_deletions: true })
    await git(path, 'push', '-q', 'origin', ':other')
    expect(await rejection(github.octokit().git.getRef({ ...at, ref: 'heads/other' }))).toMatchObject({ status: 404 })
  })
})
