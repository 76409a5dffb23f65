import { GITHUB_ORG } from '../../emulators/defaults.ts'
import { drivers } from './drivers/index.ts'
import { type InfrastructureFault, planInfrastructureFaults } from './faults/infrastructure.ts'
import { createRandom } from './random.ts'
import type { Scenario } from './scenario.ts'

/** All random decisions of a chaos test, before it starts. The same seed gives the same plan. */
export interface Plan {
  seed: number
  durationMs: number
  processes: number
  /** Discord servers. Each has the channels and roles of a dozen courses. */
  guilds: string[]
  /** Repositories for the branches of challenges and tasks. All scenarios share them. */
  repositories: string[]
  /** The workload: scenarios with their start times. */
  workload: { atMs: number, scenario: Scenario }[]
  faults: InfrastructureFault[]
}

export interface PlanOptions { seed: number, durationMs: number, processes: number }

const REPOSITORIES = ['shared-repo-1', 'shared-repo-2', 'shared-repo-3'].map(name => `${GITHUB_ORG}/${name}`)
const SCENARIOS_PER_GUILD = 12
/** Discord lists a bot's servers in pages of 200. One of them is the emulator's default server. */
const MAX_GUILDS = 199
const MAX_PAUSE_MS = 2_200
/** The last fault comes this long before the end, and the last scenario twice as long. */
const CALM_MS = 2_000

export function planChaos({ seed, durationMs, processes }: PlanOptions): Plan {
  const random = createRandom(seed)
  const guilds: string[] = []
  const workload: Plan['workload'] = []
  const weightedDrivers = Object.values(drivers).flatMap(driver => Array<typeof driver>(driver.weight).fill(driver))
  const pauses = random.fork('pauses')
  for (let atMs = 0, n = 1; atMs < durationMs - 2 * CALM_MS; atMs += pauses.int(0, MAX_PAUSE_MS), n++) {
    const guild = Math.floor((n - 1) / SCENARIOS_PER_GUILD) % MAX_GUILDS
    guilds[guild] ??= `12${String(guild).padStart(17, '0')}`
    const own = random.fork(`order ${n}`)
    const repository = REPOSITORIES[n % REPOSITORIES.length]!
    const driver = own.pick(weightedDrivers)
    workload.push({ atMs, scenario: driver.createScenario({ random: own, n, guildId: guilds[guild], repository }) })
  }
  const faults = planInfrastructureFaults(random.fork('disturbances'), durationMs - CALM_MS, processes)
  return { seed, durationMs, processes, guilds, repositories: REPOSITORIES, workload, faults }
}
