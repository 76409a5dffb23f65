import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { checkEnvironment } from '../../../../server/lib/env.ts'
import { createRepo, generateRepo, isAllowed, readBranch } from '../../../../server/lib/github/index.ts'

const fetched = vi.fn()
beforeEach(() => {
  for (const [name, value] of Object.entries({
    GITHUB_TOKEN: 'x', GITHUB_ORG: 'Own', GITHUB_API_URL: 'http://127.0.0.1:1', GITHUB_ALLOWED: 'own, Templates/lab other/*',
  })) vi.stubEnv(name, value)
  fetched.mockReset().mockResolvedValue(new Response('{}', { headers: { 'content-type': 'application/json' } }))
  vi.stubGlobal('fetch', fetched)
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

const repo = { name: 'x', description: 'x', marker: 'm' }

describe('what GITHUB_ALLOWED does not list', () => {
  it.each([
    ['another repository of a listed repository\'s owner', () => readBranch('templates/lab-2', 'main')],
    ['a repository of another organization', () => readBranch('foreign/x', 'main')],
    ['an organization whose name only begins alike', () => readBranch('own-2/x', 'main')],
    ['a template', () => generateRepo('foreign/template', repo)],
  ])('is not called: %s', async (_, call) => {
    await expect(call()).rejects.toThrow(expect.objectContaining({ code: 'GITHUB_NOT_ALLOWED', retryable: false, unsent: true }))
    expect(fetched).not.toHaveBeenCalled()
  })

  it('is not called where repositories are created, either', async () => {
    vi.stubEnv('GITHUB_ALLOWED', 'own/other templates/lab')
    const refused = expect.objectContaining({ code: 'GITHUB_NOT_ALLOWED', message: expect.stringContaining('x is not in') })
    for (const create of [() => createRepo(repo), () => generateRepo('templates/lab', repo)])
      await expect(create()).rejects.toThrow(refused)
    expect(fetched).not.toHaveBeenCalled()
  })
})

describe('what it lists', () => {
  it.each([
    ['an organization\'s repository, in any case', () => readBranch('OWN/x', 'main')],
    ['a repository', () => readBranch('templates/LAB', 'main')],
    ['an organization with a star', () => readBranch('other/x', 'main')],
    ['a new repository of an organization', () => createRepo(repo)],
    ['a template for it', () => generateRepo('templates/lab', repo)],
  ])('is called: %s', async (_, call) => {
    await call().catch(() => undefined)
    expect(fetched).toHaveBeenCalledOnce()
  })

  it('is everything when it is absent', () => {
    vi.stubEnv('GITHUB_ALLOWED', '')
    expect(isAllowed('foreign/x')).toBe(true)
  })
})

it.each(['a/b/c', '/x', 'a b/', 'https://github.com/a', 'a;b'])('"%s" is no list of names', (value) => {
  vi.stubEnv('DATABASE_URL', 'postgres://x/y')
  vi.stubEnv('GITHUB_ALLOWED', value)
  expect(checkEnvironment).toThrow('It must be organizations and repositories (owner/name)')
})
