import { DiscordAPIError, HTTPError, RateLimitError } from '@discordjs/rest'
import { describe, expect, it } from 'vitest'
import { toProviderError } from '../../../../server/lib/discord/errors.ts'

const url = 'https://discord.com/api/v10/guilds/1/channels'
const target = 'POST /guilds/1/channels'
const refused = (status: number, code: number, message: string, errors: object = {}) =>
  new DiscordAPIError(
    { code, message, errors } as ConstructorParameters<typeof DiscordAPIError>[0],
    code, status, 'POST', url, { body: undefined, files: undefined },
  )
const limited = (retryAfter: number) => new RateLimitError({
  timeToReset: retryAfter, limit: 1, method: 'POST', hash: '', url, route: '', majorParameter: '', global: false,
  retryAfter, sublimitTimeout: 0, scope: 'user',
})

describe('what Discord answers', () => {
  it.each([
    [401, 0, '401: Unauthorized', 'PROVIDER_AUTHENTICATION', false],
    [403, 50013, 'Missing Permissions', 'PROVIDER_FORBIDDEN', false],
    [403, 50001, 'Missing Access', 'PROVIDER_FORBIDDEN', false],
    [403, 20001, 'Bots cannot use this endpoint', 'PROVIDER_FORBIDDEN', false],
    [404, 10004, 'Unknown Guild', 'PARENT_NOT_FOUND', false],
    [400, 30005, 'Maximum number of server roles reached (250)', 'CAPACITY_EXCEEDED', false],
    [400, 30013, 'Maximum number of server channels reached (500)', 'CAPACITY_EXCEEDED', false],
    [400, 50035, 'Invalid Form Body', 'PROVIDER_REJECTED', false],
    [500, 0, 'Internal Server Error', 'PROVIDER_UNAVAILABLE', true],
  ])('%i with code %i "%s" is %s (retryable: %s), and says why and how to fix it', (status, number, message, code, retryable) => {
    const error = toProviderError(refused(status, number, message), target)
    expect(error).toMatchObject({ code, retryable })
    expect(error.message).toContain(message)
    expect(error.message).toContain(target)
    expect(error.why).toMatch(/[.)]$/)
    expect(error.fix).toMatch(/\.$/)
  })

  it('a category that is full is named', () => {
    const full = { code: 'CHANNEL_PARENT_MAX_CHANNELS', message: 'Maximum number of channels in category reached (50)' }
    const errors = { parent_id: { _errors: [full] } }
    expect(toProviderError(refused(400, 50035, 'Invalid Form Body', errors), target))
      .toMatchObject({ code: 'CAPACITY_EXCEEDED', why: 'A Discord category holds at most 50 channels.' })
  })

  it('a rate limit waits as long as it says', () => {
    expect(toProviderError(limited(2_345), target)).toMatchObject({
      code: 'RATE_LIMITED', retryable: true, retryAfter: 2_345, message: `Discord asks to wait 3 s before ${target}.`,
    })
  })
})

describe('no answer at all', () => {
  it.each([
    ['a gateway\'s page', new HTTPError(502, 'Bad Gateway', 'POST', url, { body: undefined, files: undefined })],
    ['a broken connection', new TypeError('fetch failed')],
    ['a timeout', new DOMException('This operation was aborted', 'AbortError')],
  ])('%s is worth another attempt', (_, error) => {
    expect(toProviderError(error, target)).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', retryable: true })
  })
})
