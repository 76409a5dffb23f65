import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createControl } from '../../emulators/control-client.ts'
import { DISCORD_BOT_TOKEN, DISCORD_CLIENT_ID, GITHUB_ORG, GITHUB_TOKEN } from '../../emulators/defaults.ts'
import type { DiscordState } from '../../emulators/discord/state.ts'
import type { GitHubState } from '../../emulators/github/state.ts'
import { startEmulators, type Emulators } from '../../emulators/index.ts'
import { createFakeClock, findFaketime } from '../lib/faketime.ts'
import { migrate } from '../lib/migrate.ts'
import { createClient } from './client.ts'
import { type Database, startDatabase } from './database.ts'
import { CRON_SECRET } from './drivers/prune.ts'
import { createExternalUser } from './external-user.ts'
import { createInjector } from './faults/injector.ts'
import type { Controls } from './faults/provider.ts'
import type { Plan } from './plan.ts'
import { watchRecovery } from './recovery.ts'
import type { Report } from './report.ts'
import type { ActualState } from './scenario.ts'
import { createServerProcess, type ServerProcess } from './server-process.ts'
import { watchStalls } from './stalls.ts'
import { verify } from './verify.ts'
import { createWorkload } from './workload.ts'

const API_KEY = 'chaos-owner-key-0123456789abcdef0123456789'
/** Latency of every provider call, so that faults hit calls in flight. */
const LATENCY_MS = 80

export interface ChaosOptions {
  /** An empty folder. The logs stay in it. */
  dataDir: string
  /** After the last fault, all scenarios must settle within this time. */
  settleMs: number
  log: (line: string) => void
}

/** Executes a plan on its own PostgreSQL, emulators and servers, and verifies the result. */
export async function runChaos(plan: Plan, options: ChaosOptions, stack: AsyncDisposableStack): Promise<Report> {
  const { dataDir, settleMs, log } = options
  const names = Array.from({ length: plan.processes }, (_, index) => `process_${index + 1}`)
  const database = await startDatabase(join(dataDir, 'postgres'), names, migrate)
  stack.defer(() => database.close())
  const emulators = await startEmulators({ dataDir: join(dataDir, 'emulators') })
  stack.defer(() => emulators.close())
  const controls = { github: createControl(emulators.github.url), discord: createControl(emulators.discord.url) }
  await prepareEmulators(controls, plan)
  const before = await readState(controls)

  const faketime = findFaketime()
  if (!faketime) log('libfaketime is not installed: no clock is skewed. Install it, or name it in LIBFAKETIME.')
  const processes = await createProcesses(names, { logDir: join(dataDir, 'logs'), database, emulators, faketime })
  stack.defer(() => Promise.all(processes.map(process => process.kill())).then(() => {}))
  await Promise.all(processes.map(process => process.start()))

  const ended = new AbortController()
  stack.defer(() => ended.abort())
  const client = createClient(processes.map(({ url }) => url), API_KEY, ended.signal)
  const recovery = watchRecovery(database, ended.signal)
  const longestStall = watchStalls(database, processes, ended.signal)
  const injector = createInjector({ processes, database, recovery, log })
  const externalUser = createExternalUser(emulators.github.apiUrl)
  const workload = createWorkload({ client, database, externalUser }, controls)

  const start = performance.now()
  const elapsed = () => performance.now() - start
  const until = (ms: number) => wait(Math.max(0, ms - elapsed()), undefined, { signal: ended.signal })
  const submission = (async () => {
    for (const { atMs, scenario } of plan.workload) {
      await until(atMs)
      if (elapsed() < plan.durationMs) await workload.submit(scenario)
    }
  })()
  const injections: Promise<void>[] = []
  for (const fault of plan.faults) {
    await until(fault.atMs)
    injections.push(injector.inject(fault))
  }
  await Promise.all([...injections, submission])
  await until(plan.durationMs)
  await Promise.all(processes.map(process => process.start()))
  log('Fault injection has ended. All scenarios must settle now.')
  const faultsEnded = performance.now()
  const results = await workload.settle(settleMs)
  const settledAfterMs = Math.round(performance.now() - faultsEnded)
  const figures = await verify({ results, before, actual: await readState(controls), client, recovery })
  return {
    seed: plan.seed,
    processes: plan.processes,
    seconds: Math.round(elapsed() / 1000),
    settledAfterMs,
    longestStall: longestStall(),
    ...injector.counts,
    ...figures,
  }
}

async function prepareEmulators({ github, discord }: Controls, plan: Plan): Promise<void> {
  await discord.settings({ seed: { guilds: plan.guilds.map(id => ({ id, name: `Chaos ${id}`, bot: true })) } })
  await github.settings({ seed: { repos: plan.repositories.map(repository => ({ name: repository.split('/')[1] })) } })
  await Promise.all([github.latency(LATENCY_MS), discord.latency(LATENCY_MS)])
}

async function readState(controls: Controls): Promise<ActualState> {
  const [github, discord] = await Promise.all([controls.github.state<GitHubState>(), controls.discord.state<DiscordState>()])
  return { github, discord }
}

interface Environment { logDir: string, database: Database, emulators: Emulators, faketime?: string }

async function createProcesses(names: string[], { logDir, database, emulators, faketime }: Environment): Promise<ServerProcess[]> {
  await mkdir(logDir)
  return Promise.all(names.map(async name => createServerProcess(name, logDir, {
    DATABASE_URL: database.urlFor(name),
    API_KEY,
    CRON_SECRET,
    GITHUB_API_URL: emulators.github.apiUrl,
    GITHUB_TOKEN,
    GITHUB_ORG,
    DISCORD_API_URL: emulators.discord.apiUrl,
    DISCORD_BOT_TOKEN,
    DISCORD_CLIENT_ID,
    RETRY_BASE_MS: '500',
  }, faketime ? await createFakeClock(faketime, join(logDir, `${name}.clock`)) : undefined)))
}
