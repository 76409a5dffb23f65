import { describe, expect, it } from 'vitest'
import { Run, RunDetails, RunSummary } from '../../shared/schemas/run.ts'
import { laboratory, lecture } from '../support/courses.ts'
import { follow } from '../support/events.ts'
import { withDatabase } from '../support/sql.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'

const atelier = useAtelier()
/** Cuts the connection on which the server hears of changes, as a failover would. @returns how many there were */
const cutConnections = () => withDatabase(atelier.databaseUrl, async sql =>
  (await sql`
    select pg_terminate_backend(pid)
    from pg_stat_activity where datname = current_database() and query ilike 'listen%run_changed%'`).length)

describe('the events of a run', () => {
  it('show done of total grow, and end when the run does', async () => {
    // Changes are sent four times a second: the run lasts for several of them.
    await atelier.github.latency(250)
    const { body: { run } } = await atelier.api.createCourse(laboratory('Followed', 4))
    const stream = await follow(atelier, `/api/runs/${run.id}/events`)
    expect(stream.response.headers.get('content-type')).toMatch(/^text\/event-stream/)
    await stream.ended
    await atelier.github.latency(0)
    const { name: last, data: nothing } = stream.events.at(-1)!
    expect([last, nothing]).toEqual(['end', {}])
    const runs = stream.events.slice(0, -1).map(({ name, data }) => {
      expect(name).toBe('run')
      return Run.strict().parse(data)
    })
    const done = runs.map(({ steps }) => steps.find(({ name }) => name === 'CREATE_GROUP_REPOS')!.done)
    expect(done).toEqual(done.toSorted((a, b) => a - b))
    expect(done.at(-1)).toBe(4)
    expect(runs.length, 'progress, not only the end').toBeGreaterThan(3)
    expect(runs.at(-1)).toMatchObject({ status: 'completed' })
    const { body } = await atelier.api.call<RunDetails>('GET', `/api/runs/${run.id}`)
    const { subject, startedBy, input, maxAttempts, canRetry, canRollback, chain, ...rest } = RunDetails.strict().parse(body)
    expect(rest).toEqual(runs.at(-1))
    expect({ subject, startedBy, input, maxAttempts, canRetry, canRollback, chain }).toMatchObject({
      subject: { title: expect.stringContaining('Followed'), href: `/courses/${rest.subjectId}` }, startedBy: { id: 'owner' },
      input: null, maxAttempts: 5, canRetry: false, canRollback: true, chain: [{ id: run.id }],
    })
  })

  it('of a run that is over are the run and the end', async () => {
    const { body: { id, run } } = await atelier.api.createCourse(lecture('Over'))
    await atelier.api.reached(id, 'COMPLETED')
    const stream = await follow(atelier, `/api/runs/${run.id}/events`)
    await stream.ended
    expect(stream.events.map(({ name }) => name)).toEqual(['run', 'end'])
  })

  it('are no other run\'s', async () => {
    const fault = await atelier.github.fault({ operation: 'repos/create-in-org', subject: 'own-2026', when: 'before', action: 'hold' })
    const { body: { id, run } } = await atelier.api.createCourse(lecture('Own'))
    const stream = await follow(atelier, `/api/runs/${run.id}/events`)
    const other = await atelier.api.createCourse(lecture('Strange'))
    await atelier.api.reached(other.body.id, 'COMPLETED')
    await atelier.github.removeFault(fault)
    await atelier.api.reached(id, 'COMPLETED')
    await stream.ended
    expect(new Set(stream.events.slice(0, -1).map(({ data }) => (data as Run).id))).toEqual(new Set([run.id]))
  })
})

describe('the events of all runs', () => {
  it('tell of each run that changes', async () => {
    const stream = await follow(atelier, '/api/events')
    const created = await Promise.all(['Left', 'Right'].map(name => atelier.api.createCourse(lecture(name))))
    for (const { body: { run } } of created) await stream.heard<RunSummary>(({ id, status }) => id === run.id && status === 'completed')
    for (const { name, data } of stream.events) {
      expect(name).toBe('run')
      RunSummary.strict().parse(data)
    }
    await stream.close()
  })
})

describe('after the database cut the connection', () => {
  it('a stream catches up with what happened meanwhile, and goes on', async () => {
    const fault = await atelier.github.fault({ operation: 'repos/create-in-org', subject: 'cut-2026', when: 'before', action: 'hold' })
    const { body: { run } } = await atelier.api.createCourse(lecture('Cut'))
    const [one, all] = await Promise.all([follow(atelier, `/api/runs/${run.id}/events`), follow(atelier, '/api/events')])
    await atelier.github.reached(fault)
    expect(await cutConnections()).toBe(1)
    await atelier.github.removeFault(fault)
    await one.ended
    expect(one.events.at(-1)!.name).toBe('end')
    await all.heard<RunSummary>(({ id, status }) => id === run.id && status === 'completed')
    await all.close()
  })

  it('the newest runs are told to those who follow all', async () => {
    const { body: { id, run } } = await atelier.api.createCourse(lecture('Quiet'))
    await atelier.api.reached(id, 'COMPLETED')
    const stream = await follow(atelier, '/api/events')
    await until(() => cutConnections())
    await stream.heard<RunSummary>(event => event.id === run.id && event.status === 'completed')
    await stream.close()
  })
})

it('a server that is told to stop does not wait for those who follow it', async () => {
  const stream = await follow(atelier, '/api/events')
  const signalledAt = performance.now()
  expect(await atelier.server.stop()).toBe(0)
  expect(performance.now() - signalledAt, 'Nitro itself waits half a minute').toBeLessThan(10_000)
  await stream.ended
})
