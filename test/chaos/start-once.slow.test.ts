import { randomUUID } from 'node:crypto'
import { beforeAll, expect, it } from 'vitest'
import { own } from '../../scripts/lib/own.ts'
import { startAtelier, type Atelier } from '../support/atelier.ts'
import { lecture } from '../support/courses.ts'
import { createDatabase, type Database } from '../support/database.ts'
import { type DatabaseProxy, type Matches, startDatabaseProxy } from '../support/database-proxy.ts'
import { withDatabase } from '../support/sql.ts'
import { useStack } from '../support/stack.ts'
import { until } from '../support/until.ts'
import { expectExactlyOnce } from './exactly-once.ts'

const stack = useStack()
let database: Database
let proxy: DatabaseProxy
let atelier: Atelier
beforeAll(async () => {
  database = await own(stack, createDatabase, made => made.drop())
  proxy = await own(stack, () => startDatabaseProxy(database.url), started => started.close())
  atelier = await own(stack, () => startAtelier({ env: { DATABASE_URL: proxy.url } }), started => started.close())
})

/** The statements of one start: its transaction, then those that enqueue the run, as far as the job that executes the run. */
function ofTheStart(): { matches: Matches, isOver: () => boolean } {
  let recording: object | undefined
  let recorded = false
  let isEnqueued = false
  return {
    isOver: () => isEnqueued,
    matches: (statement, way) => {
      if (isEnqueued) return false
      if (statement.includes('insert into "idempotency_keys"')) recording = way
      if (!recording) return false
      if (!recorded) {
        recorded = way === recording && /^commit/i.test(statement)
        return way === recording
      }
      isEnqueued = statement.includes('add_job(')
      return isEnqueued || /"workflow_(runs|events)"|set dispatched_at/.test(statement)
    },
  }
}

it('a start whose process is killed between any two of its statements, and that is asked for again, is one course and one run', {
  timeout: 600_000,
}, async () => {
  const ids: string[] = []
  const held: string[] = []

  /** Asks for a course, kills the server right before that statement, and asks again. False when the start was over before. */
  async function killedBefore(nth: number, { matches, isOver }: ReturnType<typeof ofTheStart>): Promise<boolean> {
    // The statements of an earlier run would count as this start's.
    for (const id of ids.slice(-1)) await atelier.api.reached(id, 'COMPLETED', 60_000)
    const [key, body] = [randomUUID(), lecture(`Start ${ids.length}`)]
    const ask = () => atelier.api.createCourse(body, { 'idempotency-key': key })
    let statement: string | undefined
    void proxy.hold(nth, matches).then((reached) => {
      statement = reached
    })
    const asked = ask().catch(() => undefined)
    await until(() => statement ?? isOver(), { what: () => `statement ${nth} after ${held.join('; ')}` })
    if (statement === undefined) {
      ids.push((await asked)!.body.id)
      return false
    }
    held.push(statement)
    await atelier.server.kill()
    await atelier.server.start()
    const again = await ask()
    expect(again.status).toBe(202)
    const first = await asked
    if (first) expect(again.body.id).toBe(first.body.id)
    ids.push(again.body.id)
    return true
  }

  for (let nth = 1; await killedBefore(nth, ofTheStart()); nth++);
  // What the runtime writes side by side comes in any order; this one makes it known.
  await killedBefore(1, { matches: statement => statement.includes('add_job('), isOver: () => false })
  const shown = held.map(statement => statement.slice(0, 80).replaceAll(/\s+/g, ' '))
  console.log(`Killed before each of ${held.length} statements:\n${shown.join('\n')}`)
  expect(held.length).toBeGreaterThan(7)
  for (const kind of [/^commit/i, /set dispatched_at/, /add_job\(/])
    expect(held.some(statement => kind.test(statement)), String(kind)).toBe(true)
  for (const id of ids) await expectExactlyOnce(atelier, await atelier.api.reached(id, 'COMPLETED', 60_000))
  const [count] = await withDatabase(database.url, sql => sql`
    select
      (select count(*)::int from courses) as courses,
      (select count(*)::int from job_executions where workflow = 'provision-course') as runs`)
  expect(count).toEqual({ courses: ids.length, runs: ids.length })
})
