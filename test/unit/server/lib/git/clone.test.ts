import { afterAll, beforeAll, expect, it } from 'vitest'
import { GITHUB_ORG, GITHUB_TOKEN, VERCEL_PROJECT_ID, VERCEL_TEAM_ID } from '../../../../../emulators/defaults.ts'
import type { Emulator } from '../../../../../emulators/core/types.ts'
import { start as startGitHub } from '../../../../../emulators/github/index.ts'
import { start as startSandbox } from '../../../../../emulators/sandbox/index.ts'
import { type Clone, cloneCommands } from '../../../../../server/lib/git/clone.ts'
import { createSandbox, type Sandbox } from '../../../../../server/lib/sandbox/index.ts'
import { temporaryFolder } from '../../../emulators/support/emulators.ts'

const [githubFolder, sandboxFolder] = [temporaryFolder(), temporaryFolder()]
const stack = new AsyncDisposableStack()
let github: Emulator
let sandbox: Sandbox

async function call(method: string, path: string, body: object): Promise<void> {
  const headers = { authorization: `Bearer ${GITHUB_TOKEN}` }
  const answer = await fetch(github.apiUrl + path, { method, headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
}

beforeAll(async () => {
  github = stack.adopt(await startGitHub({ dataDir: githubFolder.path }), emulator => emulator.close())
  const reachable = () => [new URL(github.url).host]
  const emulator = stack.adopt(await startSandbox({ dataDir: sandboxFolder.path, reachable }), emulator => emulator.close())
  const VERCEL_TOKEN = emulator.token
  Object.assign(process.env, { VERCEL_SANDBOX_API_URL: emulator.apiUrl, VERCEL_TOKEN, VERCEL_TEAM_ID, VERCEL_PROJECT_ID, GITHUB_TOKEN })
  await call('POST', `/orgs/${GITHUB_ORG}/repos`, { name: 'docs', private: true, auto_init: true })
  for (const path of ['docs/a.md', 'src/b.ts', 'other/c.md']) {
    const content = Buffer.from(path).toString('base64')
    await call('PUT', `/repos/${GITHUB_ORG}/docs/contents/${path}`, { message: 'Add', content })
  }
  sandbox = await createSandbox({ name: 'clones', timeoutMs: 120_000, allowedHosts: ['127.0.0.1'], tags: {} })
})
afterAll(() => stack.disposeAsync())

let clones = 0
async function clone(wanted: Partial<Clone>) {
  const folder = `clone-${++clones}`
  const url = `${github.url}/${GITHUB_ORG}/docs.git`
  for (const plan of cloneCommands({ url, branch: 'main', paths: [], token: GITHUB_TOKEN, folder, timeoutMs: 30_000, ...wanted })) {
    const result = await sandbox.run(plan)
    if (result.exitCode !== 0) return result.stderr
  }
  const args = ['.', '-type', 'f', '-not', '-path', './.git/*']
  const { stdout } = await sandbox.run({ command: 'find', args, cwd: `/vercel/sandbox/${folder}`, timeoutMs: 5_000 })
  return stdout.trim().split('\n').sort()
}

it('has the wanted folders alone, of the newest commit alone', async () => {
  expect(await clone({})).toEqual(['./README.md', './docs/a.md', './other/c.md', './src/b.ts'])
  expect(await clone({ paths: ['docs', 'other'] })).toEqual(['./README.md', './docs/a.md', './other/c.md'])
  const { stdout } = await sandbox.run({ command: 'git', args: ['-C', `clone-${clones}`, 'rev-list', '--count', 'HEAD'], timeoutMs: 5_000 })
  expect(stdout).toBe('1\n')
})

it('leaves the token nowhere, and needs it', async () => {
  await clone({})
  const args = ['-rl', '-e', 'extraHeader', '-e', 'x-access-token', '.']
  const found = await sandbox.run({ command: 'grep', args, timeoutMs: 5_000 })
  expect(found.stdout).toBe('')
  const url = `${github.url}/a/b.git`
  const plans = cloneCommands({ url, branch: 'main', paths: ['docs'], token: 'planted', folder: 'x', timeoutMs: 1 })
  expect(JSON.stringify(plans.map(({ args }) => args))).not.toContain('planted')
  expect(await clone({ token: undefined })).toMatch(/could not read Username|terminal prompts disabled/)
})

it('says what is gone', async () => {
  expect(await clone({ branch: 'gone' })).toMatch(/Remote branch gone not found/)
  expect(await clone({ url: `${github.url}/${GITHUB_ORG}/gone.git` })).toMatch(/not found/i)
})
