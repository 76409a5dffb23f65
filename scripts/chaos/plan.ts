import { GITHUB_ORG } from '../../emulators/defaults.ts'
import { type Disturbance, planDisturbances } from './disturbances.ts'
import { drivers } from './drivers/index.ts'
import type { Order } from './order.ts'
import { createRandom } from './random.ts'

/** All that chance decides, before anything starts: the same seed gives the same plan. */
export interface Plan {
  seed: number
  durationMs: number
  processes: number
  /** Discord servers: one holds the channels and roles of a dozen courses. */
  guilds: string[]
  /** Repositories in which challenges and tasks have their branches; all orders share them. */
  repositories: string[]
  orders: { atMs: number, order: Order }[]
  disturbances: Disturbance[]
}

export interface Wish { seed: number, durationMs: number, processes: number }

const REPOSITORIES = ['workshop-1', 'workshop-2', 'workshop-3'].map(name => `${GITHUB_ORG}/${name}`)
const ORDERS_A_GUILD = 12
/** As many servers as a bot's list shows on one page, less the emulator's own. */
const MOST_GUILDS = 199
const LONGEST_PAUSE_MS = 2_200
/** Trouble ends before the time does, and the last orders come before the last trouble. */
const CALM_MS = 2_000

export function planChaos({ seed, durationMs, processes }: Wish): Plan {
  const random = createRandom(seed)
  const guilds: string[] = []
  const orders: Plan['orders'] = []
  const choice = Object.values(drivers).flatMap(driver => Array<typeof driver>(driver.weight).fill(driver))
  const pauses = random.of('pauses')
  for (let atMs = 0, n = 1; atMs < durationMs - 2 * CALM_MS; atMs += pauses.int(0, LONGEST_PAUSE_MS), n++) {
    const guild = Math.floor((n - 1) / ORDERS_A_GUILD) % MOST_GUILDS
    guilds[guild] ??= `12${String(guild).padStart(17, '0')}`
    const own = random.of(`order ${n}`)
    orders.push({ atMs, order: own.pick(choice).order({ random: own, n, guildId: guilds[guild], repository: REPOSITORIES[n % REPOSITORIES.length]! }) })
  }
  return { seed, durationMs, processes, guilds, repositories: REPOSITORIES, orders, disturbances: planDisturbances(random.of('disturbances'), durationMs - CALM_MS, processes) }
}
