import { RequestError } from '@octokit/request-error'
import { describe, expect, it } from 'vitest'
import { ProviderError } from '../../../../server/lib/errors.ts'
import { toProviderError } from '../../../../server/lib/github/errors.ts'

const url = 'https://api.github.com/orgs/atelier/repos'
const refused = (status: number, message: string, headers: Record<string, string> = {}) => new RequestError(message, status, {
  request: { method: 'POST', url, headers: {} },
  response: { status, url, headers, data: { message } },
})
const map = (error: unknown) => toProviderError(error, 'POST /orgs/atelier/repos')
const soon = () => String(Math.ceil(Date.now() / 1000) + 30)

describe('what GitHub answers', () => {
  it.each([
    [401, 'Bad credentials', 'PROVIDER_AUTHENTICATION', false],
    [403, 'Resource not accessible by personal access token', 'PROVIDER_FORBIDDEN', false],
    [403, 'Upgrade to GitHub Pro or make this repository public to enable this feature.', 'PROVIDER_FORBIDDEN', false],
    [404, 'Not Found', 'PARENT_NOT_FOUND', false],
    [409, 'Git Repository is empty.', 'PROVIDER_UNAVAILABLE', true],
    [422, 'Validation Failed: name already exists on this account', 'ALREADY_EXISTS', false],
    [422, 'Validation Failed', 'PROVIDER_REJECTED', false],
    [400, 'Problems parsing JSON', 'PROVIDER_REJECTED', false],
    [451, 'Repository access blocked', 'PROVIDER_REJECTED', false],
    [500, 'Server Error', 'PROVIDER_UNAVAILABLE', true],
    [502, 'Bad Gateway', 'PROVIDER_UNAVAILABLE', true],
    [403, 'You have exceeded a secondary rate limit', 'RATE_LIMITED', true],
    [429, 'Too many requests', 'RATE_LIMITED', true],
  ])('%i "%s" is %s (retryable: %s), and says why and how to fix it', (status, message, code, retryable) => {
    const error = map(refused(status, message))
    expect(error).toMatchObject({ code, retryable })
    expect(error.message).toContain(message)
    expect(error.message).toContain('POST /orgs/atelier/repos')
    expect(error.why).toMatch(/\.$/)
    expect(error.fix).toMatch(/\.$/)
    expect(error.cause).toBeInstanceOf(RequestError)
  })

  it('a protection that the plan does not have is left out; nothing else ever is', () => {
    const error = refused(403, 'Upgrade to GitHub Pro or make this repository public to enable this feature.')
    expect(toProviderError(error, 'PUT /repos/atelier/repo/branches/main/protection')).toMatchObject({
      code: 'FEATURE_UNAVAILABLE', retryable: false, fix: expect.stringContaining('education.github.com'),
    })
  })

  it.each([403, 429])('%i with retry-after waits that long, and is no failure of the credentials', (status) => {
    expect(map(refused(status, 'Slow down', { 'retry-after': '7' }))).toMatchObject({ code: 'RATE_LIMITED', retryAfter: 7_000 })
  })

  it('a limit that is used up waits until it is reset', () => {
    const { code, retryAfter } = map(refused(403, 'API rate limit exceeded', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': soon() }))
    expect(code).toBe('RATE_LIMITED')
    expect(retryAfter).toBeGreaterThan(28_000)
    expect(retryAfter).toBeLessThanOrEqual(31_000)
  })

  it('a reset that is past already waits a second all the same', () => {
    expect(map(refused(403, 'API rate limit exceeded', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' })))
      .toMatchObject({ code: 'RATE_LIMITED', retryAfter: 1_000 })
  })

  it('a 403 beside a limit with room left is a plain refusal', () => {
    expect(map(refused(403, 'Forbidden', { 'x-ratelimit-remaining': '4999', 'x-ratelimit-reset': soon() })))
      .toMatchObject({ code: 'PROVIDER_FORBIDDEN' })
  })
})

describe('no answer at all', () => {
  it.each([
    ['a broken connection', new TypeError('fetch failed')],
    ['a timeout', new DOMException('The operation was aborted due to timeout', 'TimeoutError')],
    [
      'a connection that Octokit reports as 500',
      new RequestError('other side closed', 500, { request: { method: 'POST', url, headers: {} } }),
    ],
    ['what is no error', 'oh'],
  ])('%s is worth another attempt', (_, error) => {
    expect(map(error)).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', retryable: true })
  })

  it('that was understood already stays what it is', () => {
    const known = new ProviderError({ code: 'MISSING_CONFIGURATION', message: 'm', why: 'w', fix: 'f', retryable: false })
    expect(map(known)).toBe(known)
  })
})
