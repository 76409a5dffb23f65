import type { Course } from '../../../shared/schemas/course.ts'
import type { Problem } from '../../../shared/schemas/problem.ts'
import type { Resource } from '../../../shared/schemas/resource.ts'
import type { Run } from '../../../shared/schemas/run.ts'
import type { ChaosClient } from '../client.ts'
import { askCourse, type WantedCourse } from '../course/ask.ts'
import { compareCourse } from '../course/compare.ts'
import type { Comparison, Driver, Order, Outside } from '../order.ts'

/** Courses that are cancelled when some part of them is made, with the wish to take it back: in the end nothing of them is there. */
export const takeBackCourse: Driver = {
  weight: 2,
  order({ random, n, guildId }) {
    const { body, wanted } = askCourse({ random, n, guildId })
    return cancelledOrder({ name: `cancelled-${n}`, share: random.pick([0, 0.2, 0.5, 0.8]), body: { ...body, discordGuildId: guildId }, wanted })
  },
}

type Asked = ReturnType<typeof askCourse> & { name: string, share: number }

function cancelledOrder(asked: Asked): Order {
  const { name, share, body, wanted } = asked
  let course: Course | undefined
  let last: Run | undefined

  /** Waits until as much is made, then cancels. @returns whether it came in time */
  async function cancel(client: ChaosClient, { id, run }: Course): Promise<boolean> {
    await client.until(async () => {
      course = await client.get<Course>(`/api/courses/${id}`)
      const count = (part: 'done' | 'total') => course!.run.steps.reduce((sum, step) => sum + step[part], 0)
      return ['COMPLETED', 'FAILED'].includes(course.status) || count('done') >= share * count('total') || undefined
    })
    const { status, body } = await client.call<Problem>('POST', `/api/runs/${run.id}/cancel`, { body: { takeBack: true }, key: `${name}-cancel` })
    if (status !== 202 && body.code !== 'RUN_OVER') throw new Error(`Its cancel was refused: ${status} ${body.detail}`)
    return status === 202
  }

  async function lookAtTakeBack(client: ChaosClient, id: string): Promise<true | undefined> {
    course = await client.get<Course>(`/api/courses/${id}`)
    last = course.takeBack ?? undefined
    if (last?.status === 'failed') throw new Error(`It could not be taken back: ${JSON.stringify(last.error)}`)
    return last?.status === 'completed' || undefined
  }

  return {
    name,
    asked,
    faults: [],
    async carryOut({ client }) {
      const { status, body: created } = await client.call<Course | Problem>('POST', '/api/courses', { body, key: name })
      if (status !== 202) throw new Error(`It was refused: ${status} ${(created as Problem).detail}`)
      const made = created as Course
      if (await cancel(client, made)) await client.until(() => lookAtTakeBack(client, made.id))
    },
    state: () => course ? `${course.id} ${course.status}, taken back: ${last?.status ?? 'not yet'}` : 'never acknowledged',
    runs: () => last ? 2 : 1,
    attempts: () => new Map(last?.steps.flatMap(step => step.items.map(item => [`${step.name} ${item.key}`, item.attempts] as const))),
    async compare(outside, client) {
      if (!course) return { findings: [], accounted: [] }
      const { items } = await client.get<{ items: Resource[] }>(`/api/courses/${course.id}/resources`)
      return course.status === 'CANCELLED' ? compareNothing(wanted, outside, items) : compareCourse(wanted, outside, items)
    },
  }
}

/** Everything of a course that is still there though it was taken back, outside or in Atelier's memory. */
function compareNothing({ guildId, category, channels, roles, repos }: WantedCourse, { github, discord }: Outside, remembered: Resource[]): Comparison {
  const guild = discord.guilds.find(({ id }) => id === guildId)!
  const parent = guild.channels.find(({ name }) => name === category)
  const left = [
    ...github.repos.filter(({ name }) => repos.some(repo => repo.name.toLowerCase() === name.toLowerCase())),
    ...guild.channels.filter(channel => channel === parent || (parent && channel.parent_id === parent.id && channels.some(({ name }) => name === channel.name))),
    ...guild.roles.filter(({ name }) => roles.some(role => role.name === name)),
  ]
  const known = remembered.filter(({ type }) => type !== 'GUILD')
  return {
    findings: [
      ...left.map(({ name }) => ({ kind: 'doubled' as const, what: `${name} is there though it was taken back` })),
      ...known.map(({ type, name }) => ({ kind: 'wrong' as const, what: `Atelier remembers ${type} ${name}, which was taken back` })),
    ],
    accounted: left.map(({ id }) => String(id)),
  }
}
