import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createControl } from '../emulators/control-client.ts'
import { DISCORD_BOT_TOKEN, DISCORD_CLIENT_ID, DISCORD_GUILD_ID, GITHUB_ORG, GITHUB_TOKEN } from '../emulators/defaults.ts'
import { startEmulators } from '../emulators/index.ts'
import { createClient } from '../scripts/chaos/client.ts'
import { createServerProcess } from '../scripts/chaos/server-process.ts'
import { build } from '../scripts/lib/build.ts'
import { migrate } from '../scripts/lib/migrate.ts'
import { startPostgres } from '../scripts/lib/postgres.ts'
import type { Figure } from './lib/figures.ts'

const PROCESSES = 2
const COURSES = 2
const GROUPS = 30
/** A repository, a tree and a commit for each group, as GitHub counts new things. */
const THINGS = COURSES * GROUPS * 3
const A_MINUTE = 80
/** The published limits, which the emulators enforce. */
const LIMITS = { GITHUB_LIMITS: 'content=80/60,500/3600 points=900/60 concurrent=100', DISCORD_LIMITS: 'global=50/1 invalid=1000/600' }

/** A backlog of sixty groups under the real limits, in real time: some two minutes. */
export async function benchBudgets(dataDir: string): Promise<Figure[]> {
  await build(() => {})
  await using stack = new AsyncDisposableStack()
  const postgres = await startPostgres({ dataDir: join(dataDir, 'budgets-postgres') })
  stack.defer(() => postgres.stop())
  await migrate(postgres.url)
  const emulators = await startEmulators({ dataDir: join(dataDir, 'budgets-emulators') })
  stack.defer(() => emulators.close())
  const [github, discord] = [createControl(emulators.github.url), createControl(emulators.discord.url)]
  await github.limits({ enforce: true })
  await discord.limits({ enforce: true })
  await Promise.all([github.latency(100), discord.latency(100)])

  const apiKey = randomBytes(32).toString('hex')
  const urls: string[] = []
  for (let n = 1; n <= PROCESSES; n++) {
    const server = await createServerProcess(`budgets-${n}`, dataDir, {
      ...LIMITS, DATABASE_URL: postgres.url, API_KEY: apiKey,
      GITHUB_API_URL: emulators.github.apiUrl, GITHUB_TOKEN, GITHUB_ORG,
      DISCORD_API_URL: emulators.discord.apiUrl, DISCORD_BOT_TOKEN, DISCORD_CLIENT_ID, DISCORD_GUILD_ID,
    })
    stack.defer(async () => {
      await server.stop()
    })
    await server.start()
    urls.push(server.url)
  }

  const client = createClient(urls, apiKey, new AbortController().signal)
  const labGroups = Array.from({ length: GROUPS }, (_, index) => ({ name: `Group ${index + 1}`, number: index + 1 }))
  await Promise.all(Array.from({ length: COURSES }, async (_, n) => {
    const { body } = await client.call<{ run: { id: string } }>('POST', '/api/courses', { body: { name: `Backlog ${n + 1}`, semester: 'bench', type: 'LABORATORY', labGroups } })
    const { status, error } = await client.poll(async () => {
      const run = await client.get<{ status: string, error: unknown }>(`/api/runs/${body.run.id}`)
      return ['completed', 'failed'].includes(run.status) ? run : undefined
    })
    if (status !== 'completed') throw new Error(`A course is ${status}: ${JSON.stringify(error)}`)
  }))

  const calls = await github.calls()
  const made = calls.filter(({ method }) => method === 'POST').map(({ at }) => Date.parse(at))
  const took = made.at(-1)! - made[0]!
  // So many at once, and as many again whenever a minute is over.
  const allowed = (Math.ceil(THINGS / A_MINUTE) - 1) * 60_000
  return [
    { name: `new things on GitHub for ${COURSES * GROUPS} groups, ${PROCESSES} processes`, value: made.length, unit: 'calls', aim: THINGS },
    { name: 'from the first of them to the last', value: took / 1000, unit: 's', note: `the limit allows ${allowed / 1000} s` },
    { name: 'time beside what the limit allows', value: took / allowed, unit: '×', aim: 1.05 },
    { name: 'refused by GitHub', value: calls.filter(({ status }) => status >= 400).length, unit: 'calls', aim: 0 },
    { name: 'refused by Discord', value: (await discord.calls()).filter(({ status }) => status >= 400).length, unit: 'calls', aim: 0 },
  ]
}
