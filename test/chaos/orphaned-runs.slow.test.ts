import { expect, it } from 'vitest'
import type { Run } from '../../shared/schemas/run.ts'
import { lecture } from '../support/courses.ts'
import { withDatabase } from '../support/sql.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'
import { expectExactlyOnce } from './exactly-once.ts'

const atelier = useAtelier({ env: { DISCORD_GUILD_ID: '' } })

/** As when a replay no longer fits the code after an update: the runtime's own row says failed, and no last step was run. */
const endByRuntime = (id: string) => withDatabase(atelier.databaseUrl, sql => sql`
  update workflow.workflow_runs execution
  set status = 'failed', error = '{"message":"it no longer fits"}', completed_at = now() at time zone 'utc'
  from job_executions run where run.runtime_run_id = execution.id and run.subject_id = ${id}`)

it('a run that the runtime has ended by itself fails, and a retry completes the course', async () => {
  const { body: { id } } = await atelier.api.createCourse(lecture('Orphaned'))
  await atelier.api.reached(id, 'WAITING')
  await endByRuntime(id)
  const { run } = await atelier.api.reached(id, 'FAILED')
  expect(run.error).toMatchObject({ code: 'UNEXPECTED', message: expect.stringContaining('ended this run as failed: it no longer fits') })
  await withDatabase(atelier.databaseUrl, sql => sql`update courses set discord_guild_id = '1100000000000000001' where id = ${id}`)
  expect((await atelier.api.call('POST', `/api/courses/${id}/retry`)).status).toBe(202)
  await expectExactlyOnce(atelier, await atelier.api.reached(id, 'COMPLETED'))
})

it('a run whose course is gone fails, and is not tried without end', async () => {
  const { body: { id } } = await atelier.api.createCourse(lecture('Gone'))
  const { run: { id: runId } } = await atelier.api.reached(id, 'WAITING')
  await endByRuntime(id)
  await atelier.api.reached(id, 'FAILED')
  await withDatabase(atelier.databaseUrl, sql => sql`delete from courses where id = ${id}`)
  const { status, body: retry } = await atelier.api.call<Run>('POST', `/api/runs/${runId}/retry`)
  expect(status).toBe(202)
  const ended = await until(async () => {
    const { body } = await atelier.api.call<Run>('GET', `/api/runs/${retry.id}`)
    return body.status === 'failed' ? body : undefined
  })
  expect(ended.error?.message).toMatch(new RegExp(`^(?!The workflow runtime).*There is no course ${id}`))
})
