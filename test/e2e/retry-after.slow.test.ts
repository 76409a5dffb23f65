import { describe, expect, it } from 'vitest'
import { laboratory, lecture } from '../support/courses.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'

const atelier = useAtelier()
const WAIT_S = 3

/** Plans one refusal and @returns how long the call waited until it was made again, in ms. */
async function waited(at: 'github' | 'discord', subject: string, plan: object, course: object, step: string): Promise<number> {
  const fault = await atelier[at].fault({ subject, when: 'before', action: 'status', ...plan })
  const { body: { id } } = await atelier.api.createCourse(course)
  await atelier[at].reached(fault)
  const seen = await until(async () => {
    const item = (await atelier.api.course(id)).run.steps
      .find(({ name }) => name === step)!.items
      .find(({ error }) => error?.code === 'RATE_LIMITED')
    return item?.nextAttemptAt ? item : undefined
  })
  expect(seen).toMatchObject({ status: 'pending', attempts: 0, error: { fix: expect.stringContaining('by itself') } })
  const finished = await atelier.api.reached(id, 'COMPLETED')
  expect(finished.run.steps.map(({ attempts, error }) => [attempts, error])).toEqual(finished.run.steps.map(() => [1, null]))
  const calls = (await atelier[at].calls()).filter(call => call.subject === subject && call.mutation)
  expect(calls.filter(call => call.fault === fault)).toHaveLength(1)
  return Date.parse(calls[1]!.at) - Date.parse(calls[0]!.at)
}

// Mostly waits, each for a subject of its own: side by side they take as long as the longest.
describe.concurrent('a rate limit of GitHub', () => {
  it.each([403, 429])('that answers %i with retry-after is waited for, and costs no attempt', async (status) => {
    const plan = { operation: 'repos/create-in-org', status, headers: { 'retry-after': String(WAIT_S) } }
    expect(await waited('github', `limit-${status}-2026`, plan, lecture(`Limit ${status}`), 'CREATE_GITHUB_REPO'))
      .toBeGreaterThanOrEqual(WAIT_S * 1000 - 50)
  })

  it('that names the time of its reset is waited for', async () => {
    const reset = Math.ceil(Date.now() / 1000) + 5
    const plan = {
      operation: 'repos/create-in-org', status: 403,
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) },
      body: { message: 'API rate limit exceeded' },
    }
    await waited('github', 'reset-2026', plan, lecture('Reset'), 'CREATE_GITHUB_REPO')
    const [, call] = (await atelier.github.calls())
      .filter(({ subject, operation }) => subject === 'reset-2026' && operation === 'repos/create-in-org')
    expect(Date.parse(call!.at)).toBeGreaterThanOrEqual(reset * 1000)
  })

  it('that comes again and again never makes a course fail', async () => {
    await atelier.github.fault({
      operation: 'repos/create-in-org', subject: 'again-2026', when: 'before',
      action: 'status', status: 429, headers: { 'retry-after': '1' }, times: 6,
    })
    const { body: { id } } = await atelier.api.createCourse(lecture('Again'))
    const { run } = await atelier.api.reached(id, 'COMPLETED')
    expect(run.steps.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1, 1])
  })
})

describe.concurrent('a rate limit of Discord', () => {
  it('is waited for, and costs no attempt', async () => {
    const plan = { operation: 'create_guild_channel', status: 429, headers: { 'retry-after': String(WAIT_S) } }
    expect(await waited('discord', 'lonely', plan, lecture('Lonely', { discordChannels: ['lonely'] }), 'CREATE_DISCORD_CHANNELS'))
      .toBeGreaterThanOrEqual(WAIT_S * 1000 - 50)
  })
})

describe('limits of Discord', () => {
  it('as strict as the real ones only make a course slower', async () => {
    await atelier.discord.limits({ enforce: true, bucket: 3, bucketSeconds: 2 })
    const { body: { id } } = await atelier.api.createCourse(laboratory('Strict', 7))
    const { run } = await atelier.api.reached(id, 'COMPLETED')
    expect(run.steps.map(({ attempts, status }) => [attempts, status])).toEqual(run.steps.map(() => [1, 'completed']))
    expect((await atelier.discord.calls()).some(({ status }) => status === 429)).toBe(true)
    await atelier.discord.limits({ enforce: false })
  })
})
