import type { Course } from '../../../shared/schemas/course.ts'
import type { Problem } from '../../../shared/schemas/problem.ts'
import type { Resource } from '../../../shared/schemas/resource.ts'
import type { Run } from '../../../shared/schemas/run.ts'
import type { ChaosClient } from '../client.ts'
import { type ExpectedCourse, type GeneratedCourse, generateCourse } from '../course/generate.ts'
import { verifyCourse } from '../course/verify.ts'
import type { ActualState, Driver, Scenario, Verification } from '../scenario.ts'
import { refusal } from '../workspace/requests.ts'

/** Cancels courses with a rollback when a part of their resources exists. At the end no resource exists. */
export const rollbackCourse: Driver = {
  weight: 2,
  createScenario({ random, n, guildId }) {
    const { body, expected } = generateCourse({ random, n, guildId })
    const share = random.pick([0, 0.2, 0.5, 0.8])
    return rollbackScenario({ name: `cancelled-${n}`, share, body: { ...body, discordGuildId: guildId }, expected })
  },
}

/** `share`: the share of finished items at which the client cancels. */
type Parameters = GeneratedCourse & { name: string, share: number }

function rollbackScenario(parameters: Parameters): Scenario {
  const { name, share, body, expected } = parameters
  let course: Course | undefined
  let rollback: Run | undefined

  /** Waits for the share of finished items, then cancels. @returns whether the run was still active */
  async function cancel(client: ChaosClient, { id, run }: Course): Promise<boolean> {
    await client.poll(async () => {
      course = await client.get<Course>(`/api/courses/${id}`)
      const count = (part: 'done' | 'total') => course!.run.steps.reduce((sum, step) => sum + step[part], 0)
      return ['COMPLETED', 'FAILED'].includes(course.status) || count('done') >= share * count('total') || undefined
    })
    const path = `/api/runs/${run.id}/cancel`
    const { status, body } = await client.call<Problem>('POST', path, { body: { rollback: true }, key: `${name}-cancel` })
    if (status !== 202 && body.code !== 'RUN_OVER') throw refusal(status, body)
    return status === 202
  }

  async function isRolledBack(client: ChaosClient, id: string): Promise<true | undefined> {
    course = await client.get<Course>(`/api/courses/${id}`)
    rollback = course.rollback ?? undefined
    if (rollback?.status === 'failed') throw new Error(`The rollback failed: ${JSON.stringify(rollback.error)}`)
    return rollback?.status === 'completed' || undefined
  }

  return {
    name,
    parameters,
    faults: [],
    async run({ client }) {
      const { status, body: answer } = await client.call<Course | Problem>('POST', '/api/courses', { body, key: name })
      if (status !== 202) throw refusal(status, answer)
      const created = answer as Course
      if (await cancel(client, created)) await client.poll(() => isRolledBack(client, created.id))
    },
    describe: () => course
      ? `${course.id} ${course.status}, rollback: ${rollback?.status ?? 'none yet'}`
      : 'never acknowledged',
    runCount: () => rollback ? 2 : 1,
    attempts: () => new Map(rollback?.steps.flatMap(step =>
      step.items.map(item => [`${step.name} ${item.key}`, item.attempts] as const))),
    async verify(actual, client) {
      if (!course) return { findings: [], expectedIds: [] }
      const { items } = await client.get<{ items: Resource[] }>(`/api/courses/${course.id}/resources`)
      return course.status === 'CANCELLED' ? verifyRollback(expected, actual, items) : verifyCourse(expected, actual, items)
    },
  }
}

/** Verifies that neither the emulators nor Atelier's records have a resource of the course. */
function verifyRollback(
  { guildId, category, channels, roles, repos }: ExpectedCourse,
  { github, discord }: ActualState,
  recorded: Resource[],
): Verification {
  const guild = discord.guilds.find(({ id }) => id === guildId)!
  const parent = guild.channels.find(({ name }) => name === category)
  const isChild = (channel: typeof guild.channels[number]) => parent !== undefined && channel.parent_id === parent.id
    && channels.some(({ name }) => name === channel.name)
  const left = [
    ...github.repos.filter(({ name }) => repos.some(repo => repo.name.toLowerCase() === name.toLowerCase())),
    ...guild.channels.filter(channel => channel === parent || isChild(channel)),
    ...guild.roles.filter(({ name }) => roles.some(role => role.name === name)),
  ]
  const leftRecords = recorded.filter(({ type }) => type !== 'GUILD')
  return {
    findings: [
      ...left.map(({ name }) => ({ kind: 'doubled' as const, what: `${name} exists after the rollback` })),
      ...leftRecords.map(({ type, name }) =>
        ({ kind: 'wrong' as const, what: `Atelier has a record of ${type} ${name} after the rollback` })),
    ],
    expectedIds: left.map(({ id }) => String(id)),
  }
}
