import postgres from 'postgres'
import { expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'
import { expectExactlyOnce } from './exactly-once.ts'

const atelier = useAtelier()

it('goes on with a step that a crash ended in the runtime\'s row but not in its events', async () => {
  const fault = await atelier.github.fault({ operation: 'repos/create-in-org', when: 'before', action: 'hold' })
  const { body: { id } } = await atelier.api.createCourse({ name: 'Half ended', semester: 'Chaos', type: 'LECTURE' })
  await atelier.github.reached(fault)
  await atelier.server.kill()
  await atelier.github.removeFault()
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

it('does so, too, when the runtime has looked at that step before it was reopened', async () => {
  const hold = await atelier.discord.fault({ operation: 'create_guild_channel', when: 'before', action: 'hold', times: 100 })
  const { body: { id } } = await atelier.api.createCourse({ name: 'Looked at', semester: 'Chaos', type: 'LECTURE' })
  await atelier.discord.reached(hold)
  await atelier.server.kill()
  await atelier.discord.removeFault()
  const sql = postgres(atelier.databaseUrl)
  try {
    // Ended this moment: the restarted server sees it as done before the watchdog takes it for half ended.
    const ended = await sql`
      update workflow.workflow_steps step set status = 'completed', completed_at = (now() at time zone 'utc') + interval '3 seconds'
      from job_executions run
      where run.runtime_run_id = step.run_id and run.subject_id = ${id} and step.status = 'running'
      returning step_name`
    expect(ended.length).toBeGreaterThan(0)
    await atelier.server.start()
    await expectExactlyOnce(atelier, await atelier.api.reached(id, 'COMPLETED'))
  }
  finally {
    await sql.end()
  }
})
