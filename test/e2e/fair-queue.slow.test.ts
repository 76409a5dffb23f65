import { afterEach, describe, expect, it } from 'vitest'
import type { Course } from '../../shared/schemas/course.ts'
import { type Api, createApi } from '../support/api.ts'
import { lecture } from '../support/courses.ts'
import { follow } from '../support/events.ts'
import { expectProblem } from '../support/problems.ts'
import { withDatabase } from '../support/sql.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'

const EACH = 3
const QUEUED_EACH = 5
const atelier = useAtelier({
  env: { ACTIVE_RUNS: '8', ACTIVE_RUNS_EACH: String(EACH), QUEUED_RUNS_EACH: String(QUEUED_EACH), QUEUED_RUNS: '7' },
})

/** The API with a key of its own: another user. */
const user = async (name: string): Promise<Api> => createApi(atelier.server, await atelier.api.createKey(name, 'operator'))

const create = async (api: Api, name: string): Promise<Course> => {
  const { status, body } = await api.createCourse(lecture(name))
  expect(status, JSON.stringify(body)).toBe(202)
  return body
}
const createMany = async (api: Api, name: string, count: number): Promise<Course[]> => {
  const made: Course[] = []
  for (let n = 1; n <= count; n++) made.push(await create(api, `${name} ${n}`))
  return made
}
/** GitHub does not answer until the fault is removed. */
const holdGitHub = () => atelier.github.fault({ operation: 'repos/create-in-org', when: 'before', action: 'hold', times: 1_000 })
const underWay = () => withDatabase(atelier.databaseUrl, async sql => Number((await sql`
  select count(*) from job_executions where status = 'running'`)[0]!.count))

afterEach(() => atelier.github.removeFault())

describe('the fair queue', () => {
  it('goes round by actor: one user\'s backlog does not hold up another\'s single course, even while a provider hangs', async () => {
    const [busy, quick] = await Promise.all([user('Busy'), user('Quick')])
    await holdGitHub()
    const backlog = await createMany(busy, 'Backlog', EACH + QUEUED_EACH)
    await until(async () => await underWay() === EACH)
    const last = (await busy.course(backlog.at(-1)!.id)).run
    expect(last).toMatchObject({ status: 'pending', queuedBehind: QUEUED_EACH - 1, startedAt: null })
    const single = await create(quick, 'Single')
    // All but its repository is made while the other's calls hang.
    await until(async () => {
      const { run } = await quick.course(single.id)
      return run.queuedBehind === null && run.steps.filter(step => step.name.includes('DISCORD')).every(step => step.status === 'completed')
    }, { what: () => 'the single course to be under way' })
    expect(await underWay()).toBe(EACH + 1)
    expect((await busy.course(backlog.at(-1)!.id)).run.status).toBe('pending')
    const queue = await follow(atelier, `/api/runs/${backlog.at(-1)!.run.id}/events`)
    await atelier.github.removeFault()
    await Promise.all([...backlog, single].map(({ id }) => atelier.api.reached(id, 'COMPLETED', 50_000)))
    // The page of the last one has seen it wait and go.
    const places = queue.events.filter(({ name }) => name === 'run').map(({ data }) => (data as Course['run']).queuedBehind)
    expect([places[0], places.at(-1)]).toEqual([QUEUED_EACH - 1, null])
    await queue.close()
  })

  it('dispatches as many runs as there is room for, in the order in which they were asked for', async () => {
    const one = await user('One')
    const courses = await createMany(one, 'Ordered', EACH + 4)
    const ended = await Promise.all(courses.map(({ id }) => atelier.api.reached(id, 'COMPLETED')))
    const dispatched = await withDatabase(atelier.databaseUrl, sql => sql`
      select id from job_executions where id in ${sql(ended.map(({ run }) => run.id))} order by dispatched_at, created_at`)
    expect(dispatched.map(row => row.id)).toEqual(courses.map(({ run }) => run.id))
  })
})

describe('a queue that is full', () => {
  it('answers 429 with the time to wait, to its own user alone, and repeats the answer to an accepted request', async () => {
    const [busy, quick, third] = await Promise.all([user('Full'), user('Other'), user('Third')])
    await holdGitHub()
    const first = await busy.createCourse(lecture('Accepted'), { 'idempotency-key': 'accepted' })
    const accepted = await createMany(busy, 'Filling', EACH - 1 + QUEUED_EACH)
    const refused = await busy.createCourse(lecture('Too much'), { 'idempotency-key': 'refused' })
    const problem = expectProblem(refused, 429, 'QUEUE_FULL')
    const seconds = Number(refused.headers.get('retry-after'))
    expect(seconds).toBeGreaterThanOrEqual(1)
    expect(seconds).toBeLessThanOrEqual(300)
    expect(problem.fix).toContain(`${seconds} s`)
    const again = await busy.createCourse(lecture('Accepted'), { 'idempotency-key': 'accepted' })
    expect([again.status, again.body.id]).toEqual([202, first.body.id])
    const others = await createMany(quick, 'Beside', EACH + 2)
    // The queue as a whole has its limit, too.
    expectProblem(await third.createCourse(lecture('Nobody\'s')), 429, 'QUEUE_FULL')
    await atelier.github.removeFault()
    await Promise.all([first.body, ...accepted, ...others].map(({ id }) => atelier.api.reached(id, 'COMPLETED', 50_000)))
    // What was refused was not recorded: its key is free, and the request is taken on now.
    const later = await busy.createCourse(lecture('Too much'), { 'idempotency-key': 'refused' })
    expect(later.status).toBe(202)
    await atelier.api.reached(later.body.id, 'COMPLETED')
  })
})
