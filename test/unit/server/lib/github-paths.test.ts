import { afterEach, expect, it, vi } from 'vitest'
import { findOwnRepo, generateRepo, readBranch } from '../../../../server/lib/github/index.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

it.each([
  ['a template', () => generateRepo('a/..', { name: 'x', description: 'x', marker: 'm' })],
  ['a repository', () => readBranch('../orgs', 'main')],
  ['an owner', () => readBranch('/x', 'main')],
  ['a branch', () => readBranch('a/b', '../../../orgs')],
  ['a name', () => findOwnRepo({ name: '..', marker: 'm' })],
])('%s that would lead to another address makes no call', async (_, call) => {
  vi.stubEnv('GITHUB_TOKEN', 'x')
  vi.stubEnv('GITHUB_ORG', 'atelier')
  vi.stubEnv('GITHUB_API_URL', 'http://127.0.0.1:1')
  const fetched = vi.fn()
  vi.stubGlobal('fetch', fetched)
  await expect(call()).rejects.toThrow(expect.objectContaining({ code: 'PROVIDER_REJECTED', retryable: false }))
  expect(fetched).not.toHaveBeenCalled()
})
