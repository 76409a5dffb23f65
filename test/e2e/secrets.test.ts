import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import type { StreamEvent } from '../support/events.ts'
import { combined, lecture } from '../support/courses.ts'
import { follow } from '../support/events.ts'
import { withDatabase } from '../support/sql.ts'
import { useAtelier } from '../support/use-atelier.ts'

/** Planted credentials, of no form that a pattern would know. */
const secrets = {
  GITHUB_TOKEN: 'planted/github+token=0123456789abcdef',
  DISCORD_BOT_TOKEN: 'planted/discord+token=0123456789abcdef',
  API_KEY: 'planted/owner+key=0123456789abcdef0123456789abcdef',
  GITHUB_WEBHOOK_SECRET: 'planted/webhook+secret=0123456789abcdef',
}
const atelier = useAtelier({ env: secrets })
const headers = { 'x-api-key': secrets.API_KEY }

/** A secret as it is, in a URL, and in base64 whatever stands before it. */
function formsOf(secret: string): string[] {
  const encoded = [0, 1, 2].map(shift => Buffer.from('x'.repeat(shift) + secret).toString('base64').slice(shift ? 4 : 0, -4))
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), Buffer.from(secret).toString('hex'), ...encoded, ...encoded.map(text => text.replaceAll('+', '-').replaceAll('/', '_'))]
}

/** Every row of every table, the runtime's own among them, as text; bytes as hex and as what they say. */
const dump = () => withDatabase(atelier.databaseUrl, async (sql) => {
  const tables = await sql<{ name: string }[]>`select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`
  const rows = await Promise.all(tables.map(({ name }) => sql.unsafe(`select * from ${name}`)))
  const text = JSON.stringify(rows, (_, value: unknown) => value instanceof Buffer ? value.toString('latin1') : value)
  const bytes = rows.flat().flatMap(row => Object.values(row as object)).filter((value): value is Buffer => Buffer.isBuffer(value))
  expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['workflow.workflow_events', 'workflow.workflow_steps', 'public.audit_log']))
  expect(rows.flat().length).toBeGreaterThan(100)
  return [text, ...bytes.map(value => `${value.toString('latin1')} ${value.toString('hex')}`)].join('\n')
})

it('no credential is ever stored, logged, answered, or seen in the list of processes', async () => {
  await Promise.all([atelier.github.settings({ tokens: { [secrets.GITHUB_TOKEN]: {} } }), atelier.discord.settings({ tokens: [secrets.DISCORD_BOT_TOKEN] })])
  const heard: StreamEvent[] = []
  const answers: unknown[] = []
  const call = async <T>(method: string, path: string, body?: unknown) => {
    const answer = await atelier.api.call<T>(method, path, { body, headers })
    answers.push(answer.body, [...answer.headers])
    return answer.body
  }
  const run = async (body: object) => {
    const course = await call<{ id: string, run: { id: string } }>('POST', '/api/courses', body)
    const stream = await follow({ server: atelier.server, apiKey: secrets.API_KEY }, `/api/runs/${course.run.id}/events`)
    await stream.ended
    heard.push(...stream.events)
    for (const path of ['', '/status', '/resources']) await call('GET', `/api/courses/${course.id}${path}`)
    return heard.at(-2)?.data as { status: string }
  }
  expect(await run(combined('Guarded', 2))).toMatchObject({ status: 'completed' })
  // Services that repeat what they were sent.
  await atelier.github.fault({ operation: 'repos/create-in-org', when: 'before', action: 'status', status: 401, body: { message: `Bad credentials: Bearer ${secrets.GITHUB_TOKEN} (${encodeURIComponent(secrets.GITHUB_TOKEN)})` } })
  await atelier.discord.fault({ operation: 'create_guild_channel', when: 'before', action: 'status', status: 400, body: { code: 50035, message: `Not with ${secrets.DISCORD_BOT_TOKEN}` } })
  expect(await run(lecture('Echoed'))).toMatchObject({ status: 'failed' })
  for (const path of ['/api/audit?pageSize=100', '/api/runs', '/api/courses', '/api/keys', '/api/session', '/health', '/api/openapi.json', '/api/courses/x', '/api/nothing']) await call('GET', path)
  await call('POST', '/api/session', { apiKey: secrets.API_KEY })
  await call('POST', '/api/sessions/links')
  await atelier.api.call('POST', '/api/courses', { body: '{', headers })

  const processes = await promisify(execFile)('ps', ['-A', '-o', 'args']).then(({ stdout }) => stdout, () => '')
  const places = { database: await dump(), log: atelier.server.output(), answers: JSON.stringify(answers), events: JSON.stringify(heard), processes }
  expect(places.database).toContain('Guarded')
  expect(places.database, 'what was echoed is there, without the credential').toContain('Bad credentials: Bearer [redacted]')
  for (const [name, secret] of Object.entries(secrets)) for (const form of formsOf(secret))
    for (const [place, text] of Object.entries(places)) expect(text.includes(form), `${name} as ${form} in the ${place}`).toBe(false)
})
