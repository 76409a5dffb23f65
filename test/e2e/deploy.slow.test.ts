import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { beforeAll, expect, it } from 'vitest'
import { own } from '../../scripts/lib/own.ts'
import { freePort } from '../../scripts/lib/ports.ts'
import { fromRoot } from '../../scripts/lib/root.ts'
import { HealthSummary } from '../../shared/schemas/health.ts'
import { createEmptyDatabase, type Database } from '../support/database.ts'
import { withDatabase } from '../support/sql.ts'
import { useStack } from '../support/stack.ts'
import { until } from '../support/until.ts'

/** Runs the commands of "Several processes behind a proxy" in docs/deployment.md as they stand there; only the ports are free ones. */
const text = readFileSync(fromRoot('docs', 'deployment.md'), 'utf8')
const section = /\n## Several processes[^\n]*\n(.*?)\n## /s.exec(text)![1]!
const blocks = (language: string) =>
  [...section.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(match => match[1]!.trim())
const [prepare, start] = blocks('bash') as [string, string]
const variables = blocks('ini')[0]!.split('\n').map(line => line.split('=')[0]!)

const stack = useStack()
let database: Database
let env: Record<string, string | undefined>
beforeAll(async () => {
  database = await own(stack, createEmptyDatabase, made => made.drop())
  const values: Record<string, string> = {
    NODE_ENV: 'production', DATABASE_URL: database.url, ATELIER_PUBLIC_URL: 'https://atelier.example.org',
    TRUSTED_PROXIES: '1',
  }
  const given = variables.map(name => [name, values[name] ?? `planted-${name}-0123456789abcdef0123456789`])
  env = { PATH: process.env.PATH, HOME: process.env.HOME, NITRO_HOST: '127.0.0.1', ...Object.fromEntries(given) }
})

const lives = ({ exitCode, signalCode }: ChildProcess) => exitCode === null && signalCode === null

/** Starts a process as the document says. It ends when another program has taken its port meanwhile, and is then started on another one. */
async function startProcess(command: string, script: string): Promise<{ child: ChildProcess, url: string }> {
  for (let starts = 1; ; starts++) {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const child = stack.adopt(spawn(command, [script], {
      cwd: fromRoot(), env: { ...env, PORT: String(port) }, stdio: 'ignore',
    }), async (started) => {
      if (!lives(started)) return
      started.kill('SIGKILL')
      await once(started, 'exit')
    })
    await until(async () => !lives(child) || (await fetch(`${url}/health`)).status === 200, { what: () => `${url} to be healthy` })
    if (lives(child)) return { child, url }
    if (child.exitCode !== 1 || starts === 5) throw new Error(`${command} ${script} ended with ${child.signalCode ?? child.exitCode}`)
  }
}

it('the migration brings an empty database up to date, and finds it so the second time', async () => {
  const migrate = prepare.split('\n').find(line => line.includes('migrate'))!.split(' ')
  const run = () => promisify(execFile)(migrate[0]!, migrate.slice(1), { cwd: fromRoot(), env }).then(({ stdout }) => stdout)
  expect(await run()).toContain('The database is up to date now.')
  expect(await run()).toContain('The database was up to date.')
  await withDatabase(database.url, sql => sql`select 1 from courses, workflow.workflow_runs`)
})

it('each process becomes healthy, and is gone in time when it is told to end', async () => {
  const commands = start.split('\n').map(line => /^PORT=\d+ (\S+) (\S+) &$/.exec(line)!)
  expect(commands.length).toBe(2)
  const started = await Promise.all(commands.map(([, command, script]) => startProcess(command!, script!)))
  for (const { url } of started) expect(HealthSummary.strict().parse(await (await fetch(`${url}/health`)).json()).status).toBe('up')
  const began = performance.now()
  const ends = started.map(({ child }) => once(child, 'exit'))
  for (const { child } of started) child.kill('SIGTERM')
  expect(await Promise.all(ends)).toEqual([[0, null], [0, null]])
  expect(performance.now() - began).toBeLessThan(25_000)
})
