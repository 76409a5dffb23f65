import type { Course } from '../../../shared/schemas/course.ts'
import type { Problem } from '../../../shared/schemas/problem.ts'
import type { Resource } from '../../../shared/schemas/resource.ts'
import type { ChaosClient } from '../client.ts'
import { courseTargets } from '../course/fault-targets.ts'
import { type GeneratedCourse, generateCourse } from '../course/generate.ts'
import { verifyCourse } from '../course/verify.ts'
import { planProviderFaults, type ProviderFault } from '../faults/provider.ts'
import type { Driver, Scenario } from '../scenario.ts'
import { refusal } from '../workspace/requests.ts'

/**
 * How a client requests a course. `twice`: the same request on two servers concurrently. `waiting`: without a Discord
 * server until the course asks for one. `retried`: GitHub forbids a repository once, which fails the run; the client
 * then retries the course.
 */
const VARIANTS = ['plain', 'plain', 'twice', 'waiting', 'retried'] as const

/** Provisions courses of all types, in all variants. */
export const provisionCourse: Driver = {
  weight: 15,
  createScenario({ random, n, guildId }) {
    const { body, expected } = generateCourse({ random, n, guildId })
    const variant = random.pick(VARIANTS)
    const hasFaults = random.chance(0.6)
    const faults = [
      ...variant === 'retried' ? [forbidCreation(expected.repos[0]!)] : [],
      ...planProviderFaults(random.fork('faults'), courseTargets(expected, n), { share: hasFaults ? 0.06 : 0 }),
    ]
    const request = variant === 'waiting' ? body : { ...body, discordGuildId: guildId }
    return courseScenario({ name: `course-${n}`, variant, body: request, expected }, faults)
  },
}

/** Fails the first call that creates a repository, for good. */
const forbidCreation = ({ key, name }: { key: string, name: string }): ProviderFault => ({
  at: 'github',
  operation: 'repos/create-in-org',
  subject: name,
  nth: 1,
  costsAttempt: true,
  item: `${key === 'main' ? 'CREATE_GITHUB_REPO' : 'CREATE_GROUP_REPOS'} ${key}`,
  effect: { when: 'before', action: 'status', status: 403 },
})

type Parameters = GeneratedCourse & { name: string, variant: (typeof VARIANTS)[number] }

function courseScenario(parameters: Parameters, faults: ProviderFault[]): Scenario {
  const { name, variant, body, expected } = parameters
  const runs = new Set<string>()
  let course: Course | undefined

  async function create(client: ChaosClient): Promise<Course> {
    const request = () => client.call<Course | Problem>('POST', '/api/courses', { body, key: name })
    const answers = await Promise.all(variant === 'twice' ? [request(), request()] : [request()])
    for (const { status, body } of answers) if (status !== 202) throw refusal(status, body)
    const [first, second = first] = answers.map(({ body }) => body as Course)
    if (first!.id !== second!.id) throw new Error(`One key created two courses: ${first!.id} and ${second!.id}`)
    return first!
  }

  /** Reads the course, and does what it waits for. @returns the course once it is complete */
  async function advance(client: ChaosClient, id: string): Promise<Course | undefined> {
    course = await client.get<Course>(`/api/courses/${id}`)
    runs.add(course.run.id)
    if (course.status === 'COMPLETED') return course
    if (course.status === 'WAITING' && !course.discordGuildId) {
      await client.call('POST', `/api/courses/${id}/discord-server`, { body: { guildId: expected.guildId } })
    }
    if (course.status !== 'FAILED') return undefined
    const isExpected = variant === 'retried' && course.run.error?.code === 'PROVIDER_FORBIDDEN' && !course.run.retryOf
    if (!isExpected) throw new Error(`The course failed: ${JSON.stringify(course.run.error)}`)
    await client.call('POST', `/api/courses/${id}/retry`)
  }

  return {
    name,
    parameters,
    faults,
    async run({ client }) {
      const created = await create(client)
      course = created
      await client.poll(() => advance(client, created.id))
    },
    describe: () => course ? `${course.id} ${course.status}: ${unfinishedItems(course)}` : 'never acknowledged',
    runCount: () => runs.size,
    attempts: () => new Map(course?.run.steps.flatMap(step =>
      step.items.map(item => [`${step.name} ${item.key}`, item.attempts] as const))),
    async verify(actual, client) {
      if (!course) return { findings: [], expectedIds: [] }
      const { items } = await client.get<{ items: Resource[] }>(`/api/courses/${course.id}/resources`)
      return verifyCourse(expected, actual, items)
    },
  }
}

const unfinishedItems = ({ run }: Course) => run.steps.flatMap(step => step.items
  .filter(({ status }) => status !== 'completed')
  .map(({ key, status, attempts }) => `${step.name} ${key} ${status} (${attempts})`)).join(', ')
