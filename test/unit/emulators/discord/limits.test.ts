import { Routes } from 'discord-api-types/v10'
import { describe, expect, it } from 'vitest'
import { until } from '../../../support/until.ts'
import { useDiscord } from '../support/emulators.ts'

const discord = useDiscord()

describe('rate limits', () => {
  it('answer with headers and 429 when they are on', async () => {
    await discord.control.limits({ enforce: true, bucket: 2, bucketSeconds: 30 })
    const get = () => fetch(`${discord.apiUrl}/v10/users/@me`, { headers: { authorization: 'Bot emulator-discord-token' } })
    const first = await get()
    expect(first.headers.get('x-ratelimit-remaining')).toBe('1')
    await get()
    const third = await get()
    expect(third.status).toBe(429)
    expect(await third.json()).toMatchObject({ message: 'You are being rate limited.', global: false, retry_after: expect.any(Number) })
    expect(Number(third.headers.get('retry-after'))).toSatisfy((seconds: number) => seconds > 20 && seconds <= 30)
  })

  it('reset when the window of a bucket ends', async () => {
    await discord.control.limits({ enforce: true, bucket: 2, bucketSeconds: 0.5 })
    const get = () => fetch(`${discord.apiUrl}/v10/users/@me`, { headers: { authorization: 'Bot emulator-discord-token' } })
    const seen = [await get(), await get(), await get()]
    expect(seen.map(({ status }) => status)).toEqual([200, 200, 429])
    const again = await until(async () => [await get()].find(({ status }) => status === 200))
    expect(again.headers.get('x-ratelimit-remaining')).toBe('1')
  })

  it('ban a client after too many invalid requests', async () => {
    await discord.control.limits({ enforce: true, invalid: 2 })
    const get = (token: string) => fetch(`${discord.apiUrl}/v10/users/@me`, { headers: { authorization: `Bot ${token}` } })
    expect((await get('emulator-discord-token')).status).toBe(200)
    for (let n = 0; n < 2; n++) expect((await get('wrong')).status).toBe(401)
    const banned = await get('emulator-discord-token')
    expect(banned.status).toBe(429)
    expect(Number(banned.headers.get('retry-after'))).toBeGreaterThan(500)
  })

  it('are understood by discord.js', async () => {
    await discord.control.limits({ enforce: true, global: 0 })
    // One second, plus 50 ms that the client adds.
    await expect(discord.rest().get(Routes.user())).rejects.toMatchObject({
      name: expect.stringContaining('RateLimitError'),
      global: true,
      retryAfter: 1050,
    })
  })
})
