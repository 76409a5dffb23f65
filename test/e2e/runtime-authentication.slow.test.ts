import { beforeAll, expect, it } from 'vitest'
import { own } from '../../scripts/lib/own.ts'
import { startAtelier, type Atelier } from '../support/atelier.ts'
import { lecture } from '../support/courses.ts'
import { outsideCalls } from '../support/outside.ts'
import { replay, type Recorder, startRecorder } from '../support/recorder.ts'
import { withDatabase } from '../support/sql.ts'
import { useStack } from '../support/stack.ts'
import { until } from '../support/until.ts'

const stack = useStack()
let recorder: Recorder
let atelier: Atelier
beforeAll(async () => {
  recorder = await own(stack, startRecorder, started => started.close())
  // The process sends its own messages to PORT, and listens elsewhere.
  atelier = await own(
    stack, () => startAtelier({ env: { PORT: String(recorder.port) }, onPort: port => recorder.passTo(port) }),
    started => started.close(),
  )
})

const port = () => Number(new URL(atelier.server.url).port)
const everything = () => withDatabase(atelier.databaseUrl, async sql => JSON.stringify([
  await sql`select * from workflow.workflow_events order by id`,
  await sql`select * from workflow.workflow_steps order by step_id`,
  await sql`select * from job_executions order by id`,
  await sql`select * from provisioning_steps order by id`,
  await sql`select * from external_resources order by id`,
]))

it('messages that the process sent to itself get 401 when they are sent again, forged or not, and change nothing', async () => {
  const { body: { id } } = await atelier.api.createCourse(lecture('Replayed'))
  await atelier.api.reached(id, 'COMPLETED')
  // The runtime writes down the end of a run after our own last step.
  await until(() => withDatabase(atelier.databaseUrl, async sql => (await sql`
    select 1 from workflow.workflow_runs where status = 'completed'`).length))
  const captured = recorder.messages.filter(({ path }) => path.startsWith('/.well-known/workflow/'))
  expect(new Set(captured.map(({ path }) => path)).size, 'kinds of messages that were captured').toBe(2)
  expect(captured.every(({ headers }) => headers['x-atelier-process'])).toBe(true)
  const [before, calls] = [await everything(), (await outsideCalls(atelier)).length]

  for (const message of captured) expect(await replay(port(), message)).toBe(401)
  const tokens = captured.map(({ headers }) => headers['x-atelier-process'])
  for (const [n, message] of captured.entries())
    for (const token of [undefined, '', tokens[(n + 1) % tokens.length], String(tokens[n]).toUpperCase(), '0'.repeat(64)])
      expect(await replay(port(), { ...message, headers: { ...message.headers, 'x-atelier-process': token } })).toBe(401)
  expect(await everything()).toBe(before)

  await atelier.server.kill()
  await atelier.server.start()
  for (const message of captured) expect(await replay(port(), message)).toBe(401)
  expect(await everything()).toBe(before)
  expect(await outsideCalls(atelier)).toHaveLength(calls)
})
