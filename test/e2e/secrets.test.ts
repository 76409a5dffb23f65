import { readdir, readFile } from 'node:fs/promises'
import { beforeAll, expect, it } from 'vitest'
import { own } from '../../scripts/lib/own.ts'
import { variableNames } from '../../server/lib/env/schema.ts'
import { isSecret } from '../../server/lib/env/secret.ts'
import { startAtelier, type Atelier } from '../support/atelier.ts'
import { combined, lecture } from '../support/courses.ts'
import { administer, createDatabase, type Database } from '../support/database.ts'
import { type StreamEvent, follow } from '../support/events.ts'
import { shared } from '../support/shared.ts'
import { withDatabase } from '../support/sql.ts'
import { useStack } from '../support/stack.ts'

/** Planted credentials, of no form that a pattern would know: every secret of the environment; the database has its password. */
const secrets: Record<string, string> = Object.fromEntries(variableNames.filter(name => isSecret(name) && !name.startsWith('DATABASE_'))
  .map(name => [name, `planted/${name}+secret=0123456789abcdef0123456789abcdef`]))
const PASSWORD = 'planted/database+password=0123456789abcdef'
const headers = { 'x-api-key': secrets.API_KEY! }

const stack = useStack()
let database: Database
let atelier: Atelier
beforeAll(async () => {
  const postgres = await shared('postgres')
  await own(
    stack,
    () => administer(postgres, `create role planted superuser login password '${PASSWORD}'`),
    () => administer(postgres, 'drop role planted'),
  )
  database = await own(stack, createDatabase, made => made.drop())
  const url = new URL(database.url)
  url.username = 'planted'
  url.password = encodeURIComponent(PASSWORD)
  atelier = await own(
    stack, () => startAtelier({ env: { ...secrets, DATABASE_URL: url.href, LOG_LEVEL: 'trace' } }), started => started.close(),
  )
})

/** A secret as it is, in a URL, in JSON, in hex, and in base64 whatever stands before it. */
function formsOf(secret: string): string[] {
  const encoded = [0, 1, 2].map(shift => Buffer.from('x'.repeat(shift) + secret).toString('base64').slice(shift ? 4 : 0, -4))
  const hex = Buffer.from(secret).toString('hex')
  return [
    secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), hex, hex.toUpperCase(),
    ...encoded, ...encoded.map(text => text.replaceAll('+', '-').replaceAll('/', '_')),
  ]
}

/** What every process of this machine was started with, and the environment of each but the server's own. */
async function processes(): Promise<string> {
  const ids = (await readdir('/proc').catch(() => [])).filter(name => /^\d+$/.test(name))
  const files = ids.flatMap(id => [`/proc/${id}/cmdline`, ...Number(id) === atelier.server.pid() ? [] : [`/proc/${id}/environ`]])
  return (await Promise.all(files.map(file => readFile(file, 'latin1').catch(() => '')))).join('\n')
}

/** Every row of every table, the runtime's own among them, as text; bytes as hex and as what they say. */
const dump = () => withDatabase(database.url, async (sql) => {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema')`
  const rows = await Promise.all(tables.map(({ name }) => sql.unsafe(`select * from ${name}`)))
  const text = JSON.stringify(rows, (_, value: unknown) => value instanceof Buffer ? value.toString('latin1') : value)
  const bytes = rows.flat().flatMap(row => Object.values(row as object)).filter((value): value is Buffer => Buffer.isBuffer(value))
  expect(tables.map(({ name }) => name))
    .toEqual(expect.arrayContaining(['workflow.workflow_events', 'workflow.workflow_steps', 'public.audit_log']))
  expect(rows.flat().length).toBeGreaterThan(100)
  return [text, ...bytes.map(value => `${value.toString('latin1')} ${value.toString('hex')}`)].join('\n')
})

it('no credential is ever stored, logged, answered, or seen in the list of processes', async () => {
  await Promise.all([
    atelier.github.settings({ tokens: { [secrets.GITHUB_TOKEN!]: {} } }),
    atelier.discord.settings({ tokens: [secrets.DISCORD_BOT_TOKEN] }),
  ])
  const heard: StreamEvent[] = []
  const answers: unknown[] = []
  const call = async <T>(method: string, path: string, body?: unknown, more: Record<string, string> = {}) => {
    const answer = await atelier.api.call<T>(method, path, { body, headers: { ...headers, ...more } })
    answers.push(answer.body, [...answer.headers])
    return answer.body
  }
  const run = async (body: object) => {
    const course = await call<{ id: string, run: { id: string } }>('POST', '/api/courses', body)
    const stream = await follow({ server: atelier.server, apiKey: secrets.API_KEY! }, `/api/runs/${course.run.id}/events`)
    await stream.ended
    heard.push(...stream.events)
    for (const path of ['', '/status', '/resources']) await call('GET', `/api/courses/${course.id}${path}`)
    return heard.at(-2)?.data as { status: string }
  }
  expect(await run(combined('Guarded', 2))).toMatchObject({ status: 'completed' })
  // Services that repeat what they were sent, as it was and in any other form.
  const echoed = (secret: string) => formsOf(secret).join(' ')
  await atelier.github.fault({
    operation: 'repos/create-in-org', when: 'before', action: 'status', status: 401,
    body: { message: `Bad credentials: Bearer ${secrets.GITHUB_TOKEN} (${echoed(secrets.GITHUB_TOKEN!)})` },
  })
  await atelier.discord.fault({
    operation: 'create_guild_channel', when: 'before', action: 'status', status: 400,
    body: { code: 50035, message: `Not with ${echoed(secrets.DISCORD_BOT_TOKEN!)}` },
  })
  expect(await run(lecture('Echoed'))).toMatchObject({ status: 'failed' })
  await Promise.all([
    atelier.huggingface.settings({ tokens: { [secrets.HF_TOKEN!]: {} } }),
    atelier.figma.settings({ tokens: [secrets.FIGMA_TOKEN] }),
  ])
  await atelier.figma.fault({
    when: 'before', action: 'status', status: 403, body: { err: `Invalid token ${echoed(secrets.FIGMA_TOKEN!)}` },
  })
  const { uuid: project_id } = await call<{ uuid: string }>('POST', '/api/projects', { title: 'Guarded places' })
  for (const repo of [{ type: 'huggingface', external_repo_id: 'atelier/home' }, { type: 'figma' }]) {
    const { uuid: repo_id } = await call<{ uuid: string }>('POST', '/api/repos', { title: repo.type, project_id, ...repo })
    const { uuid: challenge_id } = await call<{ uuid: string }>('POST', '/api/challenges', { title: repo.type, project_id })
    const { provisioning } = await call<{ provisioning: { status: string, workspace_id: string } }>(
      'POST', '/api/repos/challenge-repos', { challenge_id, repo_id },
    )
    expect(provisioning.status).toBe(repo.type === 'figma' ? 'failed' : 'ready')
    await call('GET', `/api/workspaces/${provisioning.workspace_id}`)
  }
  for (const path of [
    '/api/audit?pageSize=100', '/api/runs', '/api/courses', '/api/keys', '/api/session', '/api/sessions', '/health',
    '/api/openapi.json', '/api/courses/x', '/api/nothing', '/scheduled/prune', '/scheduled/reconcile',
  ]) await call('GET', path)
  const signedIn = await atelier.api.call('POST', '/api/session', { body: { apiKey: secrets.API_KEY } })
  const session = /^atelier-session=([^;]+)/.exec(signedIn.headers.getSetCookie()[0]!)![1]!
  await atelier.api.call('POST', '/api/courses', { body: '{', headers })
  // What is made here is told to the one that asked for it, once, and nowhere else.
  const { body: { apiKey: key } } = await atelier.api.call<{ apiKey: string }>('POST', '/api/keys', {
    body: { name: 'Made', role: 'operator' }, headers,
  })
  const { body: { url } } = await atelier.api.call<{ url: string }>('POST', '/api/sessions/links', { headers })
  const code = /[^=#/?]+$/.exec(url)![0]
  expect([key, code, session].every(({ length }) => length >= 20), 'the created key, the code and the session were read').toBe(true)
  answers.push((await atelier.api.call('GET', '/api/session', { headers: { 'x-api-key': key } })).body)
  await call('GET', '/scheduled/prune', undefined, { authorization: `Bearer ${secrets.CRON_SECRET}` })
  await call('GET', '/api/keys')
  await withDatabase(database.url, sql => sql`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'planted'`)
  await call('GET', '/api/courses')

  const all = { ...secrets, PASSWORD, key, code, session }
  const places = {
    database: await dump(), log: atelier.server.output(), answers: JSON.stringify(answers),
    events: JSON.stringify(heard), processes: await processes(),
  }
  expect(places.database).toContain('Guarded')
  expect(places.database, 'what was echoed is there, without the credential').toContain('Bad credentials: Bearer [redacted]')
  for (const [name, secret] of Object.entries(all)) for (const form of formsOf(secret))
    for (const [place, text] of Object.entries(places)) expect(text.includes(form), `${name} as ${form} in the ${place}`).toBe(false)
})
