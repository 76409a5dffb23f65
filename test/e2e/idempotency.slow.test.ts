import { describe, expect, it } from 'vitest'
import { randomUUID } from 'node:crypto'
import { laboratory, lecture } from '../support/courses.ts'
import { expectProblem } from '../support/problems.ts'
import { withDatabase } from '../support/sql.ts'
import { useAtelier } from '../support/use-atelier.ts'

const atelier = useAtelier()
const create = (body: unknown, key: string, apiKey?: string) =>
  atelier.api.createCourse(body, { 'idempotency-key': key, ...(apiKey && { 'x-api-key': apiKey }) })
const counted = () => withDatabase(atelier.databaseUrl, async (sql) => {
  const [row] = await sql<{ courses: number, runs: number }[]>`
    select (select count(*)::int from courses) courses, (select count(*)::int from job_executions) runs`
  return row!
})

describe('an Idempotency-Key', () => {
  it('gives the same course for the same body, whenever it comes', async () => {
    const key = randomUUID()
    const first = await create(lecture('Once'), key)
    const before = await counted()
    const again = await create(lecture('Once'), key)
    expect([again.status, again.body.id, again.body.run.id]).toEqual([202, first.body.id, first.body.run.id])
    await atelier.api.reached(first.body.id, 'COMPLETED')
    const { name, semester, type } = lecture('Once')
    expect((await create({ type, name, semester }, key)).body).toMatchObject({ id: first.body.id, status: 'COMPLETED' })
    expect(await counted()).toEqual(before)
  })

  it('refuses another body', async () => {
    const key = randomUUID()
    await create(lecture('One'), key)
    const before = await counted()
    const { fix } = expectProblem(await create(lecture('Two'), key), 409, 'IDEMPOTENCY_KEY_REUSED')
    expect(fix).toContain('new key')
    expect(await counted()).toEqual(before)
  })

  it('makes one course and one run of fifty requests at once', async () => {
    const key = randomUUID()
    const before = await counted()
    const answers = await Promise.all(Array.from({ length: 50 }, () => create(laboratory('Fifty', 1), key)))
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.id} ${body.run.id}`)).size).toBe(1)
    await atelier.api.reached(answers[0]!.body.id, 'COMPLETED')
    expect(await counted()).toEqual({ courses: before.courses + 1, runs: before.runs + 1 })
    const creations = (await atelier.github.calls())
      .filter(({ operation, subject }) => operation === 'repos/create-in-org' && subject.startsWith('fifty'))
    expect(creations).toHaveLength(1)
  })

  it('of two bodies at once takes one and refuses the other', async () => {
    const key = randomUUID()
    const before = await counted()
    const answers = await Promise.all(['Left', 'Right'].map(name => create(lecture(name), key)))
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409])
    expect((await counted()).courses).toBe(before.courses + 1)
  })

  it('is each key holder\'s own', async () => {
    const apiKey = await atelier.api.createKey('Another', 'operator')
    const key = randomUUID()
    const mine = await create(lecture('Mine'), key)
    const theirs = await create(lecture('Theirs'), key, apiKey)
    expect([mine.status, theirs.status]).toEqual([202, 202])
    expect(theirs.body.id).not.toBe(mine.body.id)
  })

  it('that a refused request carried can be used again', async () => {
    const key = randomUUID()
    expectProblem(await create({ ...lecture('Bad'), semester: '' }, key), 400)
    expect((await create(lecture('Good'), key)).status).toBe(202)
  })

  it.each([
    ['empty', ''],
    ['with a space', 'a b'],
    ['of 201 characters', 'x'.repeat(201)],
    ['not ASCII', 'schl\u00fcssel'],
  ])('%s is refused', async (_, key) => {
    expectProblem(await create(lecture('Never'), key), 400, 'BAD_IDEMPOTENCY_KEY')
  })
})

describe('without a key', () => {
  it('every request is a course of its own, even in one moment and with names that meet', async () => {
    const bodies = Array.from({ length: 8 }, (_, index) => ({ ...lecture('Meet'), semester: index % 2 ? '2' : '!' }))
    const answers = await Promise.all(bodies.map(body => atelier.api.createCourse(body)))
    expect(answers.map(({ status }) => status)).toEqual(bodies.map(() => 202))
    await Promise.all(answers.map(({ body }) => atelier.api.reached(body.id, 'COMPLETED')))
  })
})
