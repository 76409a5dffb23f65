import { afterEach, describe, expect, it, vi } from 'vitest'
import { requestIdFor } from '../../../../server/http/request-id.ts'

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/
afterEach(() => void vi.unstubAllEnvs())

describe('the id of a request', () => {
  it.each(['a', '7f1c2a', 'req_01.HX-9', 'x'.repeat(128)])('is the sender\'s own when it is well-formed: %s', (sent) => {
    expect(requestIdFor(sent)).toBe(sent)
  })

  it.each([
    undefined, '', ' ', 'x'.repeat(129), 'a b', 'a,b', '=1+1', 'a\nb', '<b>', 'ä', '{}', 'a/b', ['a', 'b'],
  ])('is a new one for %j', (sent) => {
    expect(requestIdFor(sent)).toMatch(UUID)
  })

  it('is never a secret', () => {
    vi.stubEnv('GITHUB_TOKEN', 'planted-token-of-nobody')
    for (const secret of ['planted-token-of-nobody', `atl_${'k'.repeat(43)}`]) expect(requestIdFor(secret)).toMatch(UUID)
  })
})
