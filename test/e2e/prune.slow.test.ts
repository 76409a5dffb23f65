import { describe, expect, it } from 'vitest'
import { DISCORD_GUILD_ID } from '../../emulators/defaults.ts'
import type { Run, RunSummary } from '../../shared/schemas/run.ts'
import { lecture } from '../support/courses.ts'
import { expectProblem } from '../support/problems.ts'
import { withDatabase } from '../support/sql.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'

const CRON_SECRET = 'cron-secret-0123456789abcdef'
const atelier = useAtelier({
  env: { CRON_SECRET, DISCORD_GUILD_ID: '', KEEP_EVENT_LOG_DAYS: '7', KEEP_AUDIT_DAYS: '30', KEEP_IDEMPOTENCY_DAYS: '3' },
})

const callSchedule = (authorization = `Bearer ${CRON_SECRET}`) =>
  atelier.api.call<{ state: string, tick: string }>('GET', '/scheduled/prune', { headers: { authorization } })
const runs = async () => (await atelier.api.call<{ items: RunSummary[] }>('GET', '/api/runs?workflow=prune')).body.items
const pruned = () =>
  until(async () => (await runs()).find(run => run.status === 'completed' || run.status === 'failed'), { what: () => 'the pruning to end' })
/** As if the last tick had not been started. */
const makeDue = () => withDatabase(atelier.databaseUrl, sql => sql`update schedules set tick = tick - interval '1 year'`)

describe('the scheduled pruning', () => {
  it('starts nothing on a new installation, and only for the scheduler', async () => {
    expect((await callSchedule()).body.state).toBe('done')
    expectProblem(await callSchedule('Bearer wrong'), 401, 'SCHEDULER_ONLY')
    expectProblem(await callSchedule(''), 401, 'SCHEDULER_ONLY')
    expectProblem(await atelier.api.call('GET', '/scheduled/provision-course', {
      headers: { authorization: `Bearer ${CRON_SECRET}` },
    }), 404, 'NOT_FOUND')
    expect(await runs()).toEqual([])
  })

  it('removes what is old by each policy, keeps the rest, and says how many', async () => {
    const { body: old } = await atelier.api.createCourse(lecture('Old', { discordGuildId: DISCORD_GUILD_ID }))
    const { body: recent } = await atelier.api.createCourse(lecture('Recent', { discordGuildId: DISCORD_GUILD_ID }))
    const { body: waiting } = await atelier.api.createCourse(lecture('Waiting'))
    await Promise.all([old, recent].map(({ id }) => atelier.api.reached(id, 'COMPLETED')))
    await atelier.api.reached(waiting.id, 'WAITING')
    const left = await withDatabase(atelier.databaseUrl, async (sql) => {
      const execution = async (runId: string) => (await sql`
        select runtime_run_id from job_executions where id = ${runId}`)[0]!.runtime_run_id as string
      const [oldOne, recentOne, activeOne] = await Promise.all([execution(old.run.id), execution(recent.run.id), execution(waiting.run.id)])
      await until(async () => (await sql`
        select 1 from workflow.workflow_runs
        where status = 'completed' and id in (${oldOne}, ${recentOne})`).length === 2, { what: () => 'the runtime to end the runs' })
      await sql`update workflow.workflow_runs set completed_at = now() - interval '8 days' where id = ${oldOne}`
      await sql`update workflow.workflow_runs set completed_at = now() - interval '6 days' where id = ${recentOne}`
      // A run that goes on keeps its events, however old it is.
      await sql`
        update workflow.workflow_runs
        set created_at = now() - interval '90 days', started_at = now() - interval '90 days', updated_at = now() - interval '90 days'
        where id = ${activeOne}`
      await sql`
        insert into audit_log (at, service, action, target, result, duration_ms)
        select now() - interval '31 days', 'GITHUB', 'OLD', 'GET /', 'SUCCESS', 1
        from generate_series(1, 1100)`
      await sql`
        insert into action_log (entry_id, at, actor, actor_name, address, action, status)
        select gen_random_uuid(), now() - interval '31 days', 'owner', 'Owner', '10.0.0.1', 'OLD', 200
        from generate_series(1, 600)`
      await sql`
        insert into idempotency_keys (actor, key, request, body_hash, created_at)
        values ('owner', 'old', 'r', 'h', now() - interval '4 days'), ('owner', 'new', 'r', 'h', now() - interval '2 days')`
      await sql`
        insert into sign_in_codes (hash, actor, name, role, expires_at)
        values ('old', 'owner', 'o', 'owner', now() - interval '2 days'), ('new', 'owner', 'o', 'owner', now())`
      await sql`insert into processes (lock_key, heartbeat_at) values (1, now() - interval '2 days')`
      for (const [name, attempts, age] of [['dead', 3, '2 days'], ['new', 3, '1 hour'], ['alive', 0, '2 days']] as const) {
        const [job] = await sql`
          select (graphile_worker.add_job('nobody_does_this', json_build_object('name', ${name}::text), max_attempts := 3)).id`
        await sql`
          update graphile_worker._private_jobs set attempts = ${attempts}, updated_at = now() - ${age}::interval where id = ${job!.id}`
      }
      await makeDue()
      // Both the scheduler of the platform and our own may start it; it starts once.
      const answers = await Promise.all([callSchedule(), callSchedule(), callSchedule()])
      expect(answers.every(({ status }) => status === 200)).toBe(true)
      await pruned()
      const events = async (id: string) => (await sql`
        select (select count(*) from workflow.workflow_events where run_id = ${id})
          + (select count(*) from workflow.workflow_steps where run_id = ${id}) as left`)[0]!.left as string
      return {
        old: Number(await events(oldOne)), recent: Number(await events(recentOne)), active: Number(await events(activeOne)),
        audit: (await sql`select count(*) from audit_log where action = 'OLD'`)[0]!.count,
        actions: (await sql`select count(*) from action_log where action = 'OLD'`)[0]!.count,
        newAudit: Number((await sql`select count(*) from audit_log`)[0]!.count) > 0,
        keys: (await sql`select key from idempotency_keys`).map(row => row.key),
        codes: (await sql`select hash from sign_in_codes`).map(row => row.hash),
        dead: (await sql`select 1 from processes where lock_key = 1`).length,
        jobs: (await sql`
          select payload ->> 'name' as name
          from graphile_worker._private_jobs where payload ->> 'name' is not null order by 1`).map(row => row.name),
      }
    })
    expect(left).toMatchObject({
      old: 0, audit: '0', actions: '0', newAudit: true, keys: ['new'], codes: ['new'], dead: 0, jobs: ['alive', 'new'],
    })
    expect(left.recent).toBeGreaterThan(0)
    expect(left.active).toBeGreaterThan(0)
    const [run, ...others] = await runs()
    expect(others).toEqual([])
    const { body } = await atelier.api.call<Run>('GET', `/api/runs/${run!.id}`)
    expect(body).toMatchObject({
      status: 'completed', subjectType: 'installation', actor: 'atelier',
      output: { PRUNE_EVENT_LOG: 1, PRUNE_DEAD_JOBS: 1, PRUNE_AUDIT_LOG: 1700, PRUNE_SPENT_RECORDS: 3 },
    })
  })

  it('is started by the server itself for a tick that came while it was away, once', async () => {
    const before = (await runs()).length
    await atelier.server.stop()
    await makeDue()
    await atelier.server.start()
    await until(async () => (await runs()).length === before + 1, { what: () => 'the missed pruning' })
    expect((await callSchedule()).body.state).not.toBe('started')
  })
})
