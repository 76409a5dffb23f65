import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createControl } from '../../emulators/control-client.ts'
import { DISCORD_BOT_TOKEN, DISCORD_CLIENT_ID, GITHUB_ORG, GITHUB_TOKEN } from '../../emulators/defaults.ts'
import type { DiscordState } from '../../emulators/discord/state.ts'
import type { GitHubState } from '../../emulators/github/state.ts'
import { startEmulators } from '../../emulators/index.ts'
import { migrate } from '../lib/migrate.ts'
import { createClient } from './client.ts'
import { createDisturber } from './disturb.ts'
import { startDatabase } from './database.ts'
import { createProcess } from './fleet.ts'
import { judge } from './judge.ts'
import { CRON_SECRET } from './drivers/prune.ts'
import { createWorkshop } from './workshop.ts'
import type { Plan } from './plan.ts'
import { watchRecovery } from './recovery.ts'
import type { Report } from './report.ts'
import { watchSilence } from './silence.ts'
import { createStranger } from './stranger.ts'

const API_KEY = 'chaos-owner-key-0123456789abcdef0123456789'
/** Every call takes so long, so that there is something to interrupt. */
const LATENCY_MS = 80

export interface ChaosOptions {
  /** An empty folder; the logs stay in it. */
  dataDir: string
  /** The bounded time in which everything must settle when the trouble is over. */
  settleMs: number
  say: (line: string) => void
}

/** Carries a plan out on a PostgreSQL, emulators and servers of its own, and compares. */
export async function runChaos(plan: Plan, { dataDir, settleMs, say }: ChaosOptions, stack: AsyncDisposableStack): Promise<Report> {
  const names = Array.from({ length: plan.processes }, (_, index) => `process_${index + 1}`)
  const database = await startDatabase(join(dataDir, 'postgres'), names, migrate)
  stack.defer(() => database.close())
  const emulators = await startEmulators({ dataDir: join(dataDir, 'emulators') })
  stack.defer(() => emulators.close())
  const controls = { github: createControl(emulators.github.url), discord: createControl(emulators.discord.url) }
  await controls.discord.settings({ seed: { guilds: plan.guilds.map(id => ({ id, name: `Chaos ${id}`, bot: true })) } })
  await controls.github.settings({ seed: { repos: plan.repositories.map(repository => ({ name: repository.split('/')[1] })) } })
  await Promise.all(Object.values(controls).map(control => control.latency(LATENCY_MS)))
  const outside = async () => {
    const [github, discord] = await Promise.all([controls.github.state<GitHubState>(), controls.discord.state<DiscordState>()])
    return { github, discord }
  }
  const before = await outside()

  await mkdir(join(dataDir, 'logs'))
  const fleet = await Promise.all(names.map(name => createProcess(name, join(dataDir, 'logs'), {
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
  })))
  stack.defer(() => Promise.all(fleet.map(process => process.kill())).then(() => {}))
  await Promise.all(fleet.map(process => process.start()))

  const ended = new AbortController()
  stack.defer(() => ended.abort())
  const client = createClient(fleet.map(({ url }) => url), API_KEY, ended.signal)
  const recovery = watchRecovery(database, ended.signal)
  const silence = watchSilence(database, fleet, ended.signal)
  const { blows, disturb } = createDisturber({ fleet, database, recovery, say })
  const workshop = createWorkshop({ client, database, stranger: createStranger(emulators.github.apiUrl) }, controls)

  const start = performance.now()
  const elapsed = () => performance.now() - start
  const at = (ms: number) => wait(Math.max(0, ms - elapsed()), undefined, { signal: ended.signal })
  const ordering = (async () => {
    for (const { atMs, order } of plan.orders) {
      await at(atMs)
      if (elapsed() < plan.durationMs) await workshop.take(order)
    }
  })()
  const disturbing: Promise<void>[] = []
  for (const disturbance of plan.disturbances) {
    await at(disturbance.atMs)
    disturbing.push(disturb(disturbance))
  }
  await Promise.all([...disturbing, ordering])
  await at(plan.durationMs)
  await Promise.all(fleet.map(process => process.start()))
  say('The trouble is over; everything has to settle now.')
  const calm = performance.now()
  const settled = await workshop.settle(settleMs)
  const settledAfterMs = Math.round(performance.now() - calm)
  const verdict = await judge(settled, before, await outside(), client)
  return {
    seed: plan.seed, processes: plan.processes, seconds: Math.round(elapsed() / 1000), settledAfterMs, longestSilence: silence(), ...blows, ...verdict(recovery.samples()),
  }
}
