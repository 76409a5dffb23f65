import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { serverScript } from '../../scripts/lib/build.ts'
import { own } from '../../scripts/lib/own.ts'
import { startPostgres, type RunningPostgres } from '../../scripts/lib/postgres.ts'
import { Health } from '../../shared/schemas/health.ts'
import type { RunSummary } from '../../shared/schemas/run.ts'
import { fromElsewhere } from '../support/addresses.ts'
import { startAtelier, type Atelier } from '../support/atelier.ts'
import { lecture } from '../support/courses.ts'
import { createTemplate } from '../support/database.ts'
import { follow } from '../support/events.ts'
import { expectProblem } from '../support/problems.ts'
import { withDatabase } from '../support/sql.ts'
import { temporaryFolder, useStack } from '../support/stack.ts'
import { until } from '../support/until.ts'

const stack = useStack()
let dataDir: string
let postgres: RunningPostgres
let templateUrl: string
let atelier: Atelier
let dataFolder: string
beforeAll(async () => {
  dataDir = await temporaryFolder(stack, 'atelier-health')
  postgres = await own(stack, () => startPostgres({ dataDir }), started => started.stop())
  templateUrl = await createTemplate(postgres.url)
  dataFolder = await temporaryFolder(stack, 'atelier-data')
  atelier = await own(stack, () => startAtelier({ templateUrl, env: { ATELIER_DATA_DIR: dataFolder } }), started => started.close())
})

it('a server whose port is taken ends instead of working without its API', async () => {
  const { port } = new URL(atelier.server.url)
  const second = spawn(process.execPath, [serverScript], { stdio: 'ignore', env: {
    PATH: process.env.PATH, NODE_ENV: 'production', HOST: '127.0.0.1', PORT: port, DATABASE_URL: postgres.url, API_KEY: atelier.apiKey,
  } })
  onTestFinished(() => void second.kill('SIGKILL'))
  expect(await once(second, 'exit')).toEqual([1, null])
})

const health = async () => {
  const response = await fetch(`${atelier.server.url}/health`, { headers: { 'x-api-key': atelier.apiKey } })
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body: Health.strict().parse(await response.json()) }
}

describe('/health', () => {
  it('answers 200 with each part to a key, and to a session', async () => {
    const { status, body } = await health()
    expect(status).toBe(200)
    expect(body).toMatchObject({ status: 'up', parts: {
      database: { status: 'up' }, runtime: { status: 'up' },
      clock: { status: 'up', detail: expect.stringMatching(/^The clock of this process is \d+ ms (ahead of|behind) the database's\.$/) },
      github: { status: 'up' },
      discord: { status: 'up' }, huggingface: { status: 'up' }, figma: { status: 'up' },
    } })
    expect(body.version).toMatch(/^\d+\.\d+\.\d+/)
    expect(JSON.stringify(body)).not.toMatch(/postgres(ql)?:\/\/|token/)
    const signedIn = await atelier.api.call('POST', '/api/session', { body: { apiKey: atelier.apiKey } })
    const [cookie] = signedIn.headers.getSetCookie()[0]!.split(';') as [string]
    const bySession = await fetch(`${atelier.server.url}/health`, { headers: { cookie } })
    expect(await bySession.json()).toMatchObject({ status: 'up', version: body.version })
  })

  it.each([
    {},
    { 'x-api-key': 'wrong' },
    { cookie: 'atelier-session=wrong' },
  ] as Record<string, string>[])('says nothing but up to a stranger with %j', async (headers) => {
    const response = await fetch(`${atelier.server.url}/health`, { headers: { ...headers, ...fromElsewhere() } })
    expect([response.status, await response.json()]).toEqual([200, { status: 'up' }])
  })

  it('answers 503 that names the database while it is away; everything else says so, too, and recovers', async () => {
    const stream = await follow(atelier, '/api/events')
    const fault = await atelier.github.fault({ operation: 'repos/create-in-org', subject: 'through-2026', when: 'before', action: 'hold' })
    const { body: { id } } = await atelier.api.createCourse(lecture('Through'))
    await atelier.github.reached(fault)
    await postgres.stop()
    const away = await until(async () => (await health()).status === 503 ? health() : undefined)
    expect(away.body).toMatchObject({
      status: 'down', parts: { database: { status: 'down', fix: expect.stringContaining('DATABASE_URL') }, github: { status: 'up' } },
    })
    const stranger = await fetch(`${atelier.server.url}/health`)
    expect([stranger.status, await stranger.json()]).toEqual([503, { status: 'down' }])
    const refused = await atelier.api.call('GET', '/api/courses')
    expectProblem(refused, 503, 'DATABASE_UNAVAILABLE')
    expect(refused.headers.get('retry-after')).toBe('5')
    expectProblem(await atelier.api.createCourse(lecture('Never')), 503, 'DATABASE_UNAVAILABLE')

    postgres = await startPostgres({ dataDir })
    await until(async () => (await health()).status === 200)
    await atelier.github.removeFault(fault)
    await atelier.api.reached(id, 'COMPLETED')
    await stream.close()
  })

  it('and live progress are back after it', async () => {
    // A stream that met the outage ends; a browser opens the next one.
    await until(async () => {
      await using stack = new AsyncDisposableStack()
      const stream = stack.adopt(await follow(atelier, '/api/events'), opened => opened.close())
      const { body: { run } } = await atelier.api.createCourse(lecture('After'))
      return await stream.heard<RunSummary>(event => event.id === run.id && event.status === 'completed', 5_000)
    })
  })
})

describe('a full disk', () => {
  it('of PostgreSQL is told as such by requests and by /health, and work goes on when it has room', async () => {
    const { databaseUrl } = atelier
    await withDatabase(databaseUrl, async (sql) => {
      await sql.unsafe(`
        create function disk_full() returns trigger language plpgsql as $$
        begin
          raise exception using errcode = '53100', message = 'could not extend file "base/1/2": No space left on device';
        end $$
      `)
      await sql.unsafe('create trigger disk_full before insert on projects for each row execute function disk_full()')
    })
    const refused = await atelier.api.call('POST', '/api/projects', { body: { title: 'Full' } })
    const problem = expectProblem(refused, 503, 'DISK_FULL')
    expect(problem.fix).toContain('Free space')
    expect(JSON.stringify(problem)).not.toContain('base/1/2')
    const database = {
      status: 'degraded',
      detail: expect.stringContaining('its disk is full'),
      fix: expect.stringContaining('Free space'),
    }
    expect((await health()).body).toMatchObject({ status: 'degraded', parts: { database } })
    await withDatabase(databaseUrl, sql => sql`drop function disk_full cascade`)
    expect((await atelier.api.call('POST', '/api/projects', { body: { title: 'Room' } })).status).toBe(201)
    await until(async () => (await health()).body.status === 'up')
  })

  it('of the data folder is told as such by /health', async () => {
    await symlink('/dev/full', join(dataFolder, `write-probe-${atelier.server.pid()}`))
    expect((await health()).body.parts.disk).toMatchObject({ status: 'degraded', detail: 'The disk of the data folder is full.' })
    expect((await health()).body.parts.disk).toMatchObject({ status: 'up' })
  })
})

describe('a server without credentials', () => {
  it('is up and degraded, names the variables, and its courses fail with what to set', async () => {
    const bare = await startAtelier({
      templateUrl, env: { GITHUB_TOKEN: '', DISCORD_BOT_TOKEN: '', DISCORD_CLIENT_ID: '', HF_TOKEN: '', FIGMA_TEAM_ID: '' },
    })
    try {
      const response = await fetch(`${bare.server.url}/health`, { headers: { 'x-api-key': bare.apiKey } })
      const { status, parts } = Health.parse(await response.json())
      expect([response.status, status]).toEqual([200, 'degraded'])
      expect(parts.github).toMatchObject({
        status: 'degraded', detail: 'GITHUB_TOKEN is not set.', fix: expect.stringContaining('https://github.com/settings/tokens'),
      })
      expect(parts.discord).toMatchObject({ status: 'degraded', detail: 'DISCORD_BOT_TOKEN is not set.' })
      // Only some workspaces need these.
      expect(parts.huggingface).toMatchObject({
        status: 'up', detail: 'Not used: HF_TOKEN is not set.', fix: expect.stringContaining('https://huggingface.co/settings/tokens'),
      })
      expect(parts.figma).toMatchObject({ status: 'up', detail: 'Not used: FIGMA_TEAM_ID is not set.' })
      const created = await bare.api.createCourse(lecture('Bare'))
      expect(created.status).toBe(202)
      const { run } = await bare.api.reached(created.body.id, 'FAILED')
      expect(run.error).toMatchObject({ code: 'MISSING_CONFIGURATION', fix: expect.stringContaining('_TOKEN') })
      expect(run.steps.map(({ attempts }) => attempts)).toEqual([1, 0, 1, 0, 0])
      expect((await bare.api.status(created.body.id)).courseStatus).toBe('FAILED')
    }
    finally {
      await bare.close()
    }
  })
})
