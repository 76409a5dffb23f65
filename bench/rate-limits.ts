import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createControl, type Control } from '../emulators/control-client.ts'
import { DISCORD_BOT_TOKEN, DISCORD_CLIENT_ID, DISCORD_GUILD_ID, GITHUB_ORG, GITHUB_TOKEN } from '../emulators/defaults.ts'
import { type Emulators, startEmulators } from '../emulators/index.ts'
import { type ChaosClient, createClient } from '../scripts/chaos/client.ts'
import { createServerProcess } from '../scripts/chaos/server-process.ts'
import { build } from '../scripts/lib/build.ts'
import { migrate } from '../scripts/lib/migrate.ts'
import { startPostgres } from '../scripts/lib/postgres.ts'
import type { Figure } from './lib/figures.ts'

const PROCESSES = 2
const COURSES = 2
const GROUPS = 30
const LATENCY_MS = 100
/** GitHub counts a repository, a tree and a commit of each group as content creation. */
const CONTENT_CALLS = COURSES * GROUPS * 3
const CONTENT_CALLS_PER_MINUTE = 80
/** The providers' published limits, which the emulators enforce. */
const LIMITS = {
  GITHUB_LIMITS: 'content=80/60,500/3600 points=900/60 concurrent=100',
  DISCORD_LIMITS: 'global=50/1 invalid=1000/600',
}

/** Provisions sixty groups under the real rate limits, in real time: about two minutes. */
export async function benchRateLimits(dataDir: string): Promise<Figure[]> {
  await build(() => {})
  await using stack = new AsyncDisposableStack()
  const postgres = await startPostgres({ dataDir: join(dataDir, 'rate-limits-postgres') })
  stack.defer(() => postgres.stop())
  await migrate(postgres.url)
  const emulators = await startEmulators({ dataDir: join(dataDir, 'rate-limits-emulators') })
  stack.defer(() => emulators.close())
  const [github, discord] = [createControl(emulators.github.url), createControl(emulators.discord.url)]
  for (const control of [github, discord]) {
    await control.limits({ enforce: true })
    await control.latency(LATENCY_MS)
  }
  const apiKey = randomBytes(32).toString('hex')
  const urls = await startServers(stack, { dataDir, databaseUrl: postgres.url, emulators, apiKey })
  const client = createClient(urls, apiKey, new AbortController().signal)
  await Promise.all(Array.from({ length: COURSES }, (_, n) => provisionCourse(client, `Backlog ${n + 1}`)))
  return measure(github, discord)
}

interface Environment { dataDir: string, databaseUrl: string, emulators: Emulators, apiKey: string }

/** @returns the URLs of the servers */
async function startServers(
  stack: AsyncDisposableStack,
  { dataDir, databaseUrl, emulators, apiKey }: Environment,
): Promise<string[]> {
  const urls: string[] = []
  for (let n = 1; n <= PROCESSES; n++) {
    const server = await createServerProcess(`rate-limits-${n}`, dataDir, {
      ...LIMITS,
      DATABASE_URL: databaseUrl,
      API_KEY: apiKey,
      GITHUB_API_URL: emulators.github.apiUrl,
      GITHUB_TOKEN,
      GITHUB_ORG,
      DISCORD_API_URL: emulators.discord.apiUrl,
      DISCORD_BOT_TOKEN,
      DISCORD_CLIENT_ID,
      DISCORD_GUILD_ID,
    })
    stack.defer(async () => {
      await server.stop()
    })
    await server.start()
    urls.push(server.url)
  }
  return urls
}

/** Provisions one laboratory course, and waits for its run. */
async function provisionCourse(client: ChaosClient, name: string): Promise<void> {
  const labGroups = Array.from({ length: GROUPS }, (_, index) => ({ name: `Group ${index + 1}`, number: index + 1 }))
  const { body } = await client.call<{ run: { id: string } }>('POST', '/api/courses', {
    body: { name, semester: 'bench', type: 'LABORATORY', labGroups },
  })
  const { status, error } = await client.poll(async () => {
    const run = await client.get<{ status: string, error: unknown }>(`/api/runs/${body.run.id}`)
    return ['completed', 'failed'].includes(run.status) ? run : undefined
  })
  if (status !== 'completed') throw new Error(`A course is ${status}: ${JSON.stringify(error)}`)
}

async function measure(github: Control, discord: Control): Promise<Figure[]> {
  const calls = await github.calls()
  const times = calls.filter(({ method }) => method === 'POST').map(({ at }) => Date.parse(at))
  const durationMs = times.at(-1)! - times[0]!
  // The limit allows one minute's calls at once, and the same number again after each minute.
  const idealMs = (Math.ceil(CONTENT_CALLS / CONTENT_CALLS_PER_MINUTE) - 1) * 60_000
  const refused = (all: { status: number }[]) => all.filter(({ status }) => status >= 400).length
  return [
    {
      name: `content creation on GitHub for ${COURSES * GROUPS} groups, ${PROCESSES} processes`,
      value: times.length,
      unit: 'calls',
      target: CONTENT_CALLS,
    },
    {
      name: 'from the first of these calls to the last',
      value: durationMs / 1000,
      unit: 's',
      note: `the limit allows ${idealMs / 1000} s`,
    },
    { name: 'time compared with what the limit allows', value: durationMs / idealMs, unit: '×', target: 1.05 },
    { name: 'calls that GitHub refused', value: refused(calls), unit: 'calls', target: 0 },
    { name: 'calls that Discord refused', value: refused(await discord.calls()), unit: 'calls', target: 0 },
  ]
}
