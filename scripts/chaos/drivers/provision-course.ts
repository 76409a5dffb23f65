import type { Course } from '../../../shared/schemas/course.ts'
import type { Problem } from '../../../shared/schemas/problem.ts'
import type { Resource } from '../../../shared/schemas/resource.ts'
import type { ChaosClient } from '../client.ts'
import { askCourse } from '../course/ask.ts'
import { compareCourse } from '../course/compare.ts'
import { targetsOf } from '../course/targets.ts'
import { planFaults, type PlannedFault } from '../faults.ts'
import type { Driver, Order } from '../order.ts'

/**
 * How a client goes about it. `twice`: the same request on two servers at once. `waiting`: names
 * no Discord server until the course asks for one. `retried`: GitHub forbids a repository once,
 * which is final; then a person presses Retry.
 */
const MANNERS = ['plain', 'plain', 'twice', 'waiting', 'retried'] as const

/** Courses of all types, in every manner that clients have. */
export const provisionCourse: Driver = {
  weight: 15,
  order({ random, n, guildId }) {
    const { body, wanted } = askCourse({ random, n, guildId })
    const manner = random.pick(MANNERS)
    const hasFaults = random.chance(0.6)
    const faults = [
      ...manner === 'retried' ? [forbidden(wanted.repos[0]!)] : [],
      ...planFaults(random.of('faults'), targetsOf(wanted, n), { share: hasFaults ? 0.06 : 0 }),
    ]
    return courseOrder({ name: `course-${n}`, manner, body: manner === 'waiting' ? body : { ...body, discordGuildId: guildId }, wanted }, faults)
  },
}

/** Makes a repository's first call fail for good. */
const forbidden = ({ key, name }: { key: string, name: string }): PlannedFault => ({
  at: 'github', operation: 'repos/create-in-org', subject: name, nth: 1, costly: true,
  item: `${key === 'main' ? 'CREATE_GITHUB_REPO' : 'CREATE_GROUP_REPOS'} ${key}`,
  bend: { when: 'before', action: 'status', status: 403 },
})

type Asked = ReturnType<typeof askCourse> & { name: string, manner: (typeof MANNERS)[number] }

function courseOrder(asked: Asked, faults: PlannedFault[]): Order {
  const { name, manner, body, wanted } = asked
  const runs = new Set<string>()
  let course: Course | undefined

  async function create(client: ChaosClient): Promise<Course> {
    const answers = await Promise.all(Array.from({ length: manner === 'twice' ? 2 : 1 }, () => client.call<Course | Problem>('POST', '/api/courses', { body, key: name })))
    for (const { status, body } of answers) if (status !== 202) throw new Error(`It was refused: ${status} ${(body as Problem).detail}`)
    const [first, second = first] = answers.map(({ body }) => body as Course)
    if (first!.id !== second!.id) throw new Error(`One key made two courses: ${first!.id} and ${second!.id}`)
    return first!
  }

  async function look(client: ChaosClient, id: string): Promise<Course | undefined> {
    course = await client.get<Course>(`/api/courses/${id}`)
    runs.add(course.run.id)
    if (course.status === 'COMPLETED') return course
    if (course.status === 'WAITING' && !course.discordGuildId) await client.call('POST', `/api/courses/${id}/discord-server`, { body: { guildId: wanted.guildId } })
    if (course.status !== 'FAILED') return undefined
    const isForeseen = manner === 'retried' && course.run.error?.code === 'PROVIDER_FORBIDDEN' && !course.run.retryOf
    if (!isForeseen) throw new Error(`It failed: ${JSON.stringify(course.run.error)}`)
    await client.call('POST', `/api/courses/${id}/retry`)
  }

  return {
    name,
    asked,
    faults,
    async carryOut({ client }) {
      const created = await create(client)
      course = created
      await client.until(() => look(client, created.id))
    },
    state: () => course ? `${course.id} ${course.status}: ${unfinished(course)}` : 'never acknowledged',
    runs: () => runs.size,
    attempts: () => new Map(course?.run.steps.flatMap(step => step.items.map(item => [`${step.name} ${item.key}`, item.attempts] as const))),
    async compare(outside, client) {
      if (!course) return { findings: [], accounted: [] }
      const { items } = await client.get<{ items: Resource[] }>(`/api/courses/${course.id}/resources`)
      return compareCourse(wanted, outside, items)
    },
  }
}

const unfinished = ({ run }: Course) => run.steps
  .flatMap(step => step.items.filter(({ status }) => status !== 'completed').map(({ key, status, attempts }) => `${step.name} ${key} ${status} (${attempts})`)).join(', ')
