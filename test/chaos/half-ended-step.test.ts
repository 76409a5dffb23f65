import postgres from 'postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startAtelier, type Atelier } from '../support/atelier.ts'
import { until } from '../support/until.ts'
import { expectExactlyOnce } from './exactly-once.ts'

let atelier: Atelier
beforeAll(async () => {
  atelier = await startAtelier()
})
afterAll(() => atelier.close())

it('goes on with a step that a crash ended in the runtime\'s row but not in its events', async () => {
  const fault = await atelier.github.fault({ operation: 'repos/create-in-org', when: 'before', action: 'hold' })
  const { body: { id } } = await atelier.api.createCourse({ name: 'Half ended', semester: 'Chaos', type: 'LECTURE' })
  await atelier.github.reached(fault)
  await atelier.server.kill()
  await atelier.github.mend()
  const sql = postgres(atelier.databaseUrl)
  try {
    const ended = await sql`
      update workflow.workflow_steps set status = 'completed', completed_at = now() at time zone 'utc'
      where step_name like '%openRepos' returning step_id`
    expect(ended).toHaveLength(1)
    await atelier.server.start()
    const course = await atelier.api.reached(id, 'COMPLETED')
    await expectExactlyOnce(atelier, course)
    await until(async () => (await sql`select 1 from workflow.workflow_steps where status not in ('completed')`).length === 0)
  }
  finally {
    await sql.end()
  }
})
