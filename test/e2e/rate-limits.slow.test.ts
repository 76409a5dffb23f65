import { beforeAll, expect, it } from 'vitest'
import { laboratory } from '../support/courses.ts'
import { prepareReplica } from '../support/replicas.ts'
import { outsideCalls } from '../support/outside.ts'
import { useStack } from '../support/stack.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'

/** GitHub's limits and Discord's, with minutes of two seconds: enforced there, and known here. */
const env = { GITHUB_LIMITS: 'content=12/2,40/8 points=200/2 concurrent=20', DISCORD_LIMITS: 'global=30/1 invalid=20/600' }
const GROUPS = 8
const COURSES = 2

const atelier = useAtelier({ env })
const stack = useStack()
beforeAll(async () => {
  const second = await prepareReplica(atelier, stack, env)
  await second.server.start()
  await atelier.github.limits({
    enforce: true, contentPerMinute: 12, contentPerHour: 40, points: 200, concurrent: 20, minuteSeconds: 2, hourSeconds: 8,
  })
  await atelier.discord.limits({ enforce: true, global: 30, bucket: 5, bucketSeconds: 1 })
})

it('two processes work off a backlog within the limits: no call is refused or repeated, and no attempt is spent', async () => {
  const created = await Promise.all(Array.from({ length: COURSES }, (_, n) => atelier.api.createCourse(laboratory(`Backlog ${n}`, GROUPS))))
  const limited = await until(async () => (await atelier.api.course(created[0]!.body.id)).run.limitedBy)
  expect(limited).toMatchObject({
    service: expect.stringMatching(/GITHUB|DISCORD/), says: expect.stringMatching(/^(GitHub|Discord) allows \d+ /),
    left: expect.any(Number), doneAt: expect.any(String),
  })
  expect(limited.left).toBeGreaterThan(0)
  for (const { body: { id } } of created) {
    const { run } = await atelier.api.reached(id, 'COMPLETED', 50_000)
    expect(run.limitedBy).toBeNull()
    expect(run.steps.map(({ attempts, error }) => [attempts, error])).toEqual(run.steps.map(() => [1, null]))
  }
  const calls = await outsideCalls(atelier)
  expect(calls.filter(({ status }) => status >= 400)).toEqual([])
  const count = (operation: string) => calls.filter(call => call.operation === operation).length
  for (const operation of [
    'repos/create-in-org', 'repos/update-branch-protection', 'git/create-tree',
    'git/create-commit', 'git/update-ref', 'create_guild_role',
  ])
    expect(count(operation), operation).toBe(COURSES * GROUPS)
  expect(calls.filter(({ operation, method }) => operation.includes('/') && method === 'GET').map(({ operation }) => operation))
    .toEqual(Array.from({ length: COURSES * GROUPS }, () => 'git/get-ref'))
})

it('a refusal that one process hears holds for all processes', async () => {
  const WAIT_S = 4
  const fault = await atelier.github.fault({
    operation: 'repos/create-in-org', when: 'before', action: 'status', status: 403, headers: { 'retry-after': String(WAIT_S) },
  })
  const first = await atelier.api.createCourse(laboratory('First', 1))
  await atelier.github.reached(fault)
  const refusedAt = Date.now()
  await until(async () => (await atelier.api.course(first.body.id)).run.limitedBy)
  const other = await atelier.api.createCourse(laboratory('Second', 1))
  for (const { body: { id } } of [first, other]) await atelier.api.reached(id, 'COMPLETED')
  const made = (await atelier.github.calls()).filter(({ operation, path, fault, at }) =>
    operation === 'repos/create-in-org' && path && !fault && Date.parse(at) > refusedAt - 1_000)
  expect(made).toHaveLength(2)
  for (const { at } of made) expect(Date.parse(at)).toBeGreaterThanOrEqual(refusedAt + WAIT_S * 1000 - 500)
})
