import type { DiscordState } from '../../emulators/discord/state.ts'
import type { GitHubState } from '../../emulators/github/state.ts'
import type { ChaosClient } from './client.ts'
import type { Database } from './database.ts'
import type { PlannedFault } from './faults.ts'
import type { Random } from './random.ts'
import type { Stranger } from './stranger.ts'

/** What is not as it was asked for. `lost`: acknowledged, and not there. `doubled`: there more than once, or never asked for. */
export interface Finding {
  kind: 'lost' | 'doubled' | 'wrong' | 'stranded' | 'failed'
  what: string
}

/** What the emulators hold in the end. */
export interface Outside { github: GitHubState, discord: DiscordState }

/** By what a branch is known among all things outside. */
export const branchId = (repository: string, branch: string) => `${repository} ${branch}`

/** What an order acts on. Clients ask the API; only what nobody may ask for is done in the database. */
export interface World { client: ChaosClient, database: Database, stranger: Stranger }

/** What became of an order. `accounted`: ids outside of all that may be there for it; anything else was never asked for. */
export interface Comparison { findings: Finding[], accounted: string[] }

/** One thing that a client asks for, and stays until it is there. */
export interface Order {
  /** Unique; also its `Idempotency-Key`. */
  name: string
  /** Everything that chance has decided about it, for the comparison of plans. */
  asked: unknown
  faults: PlannedFault[]
  /**
   * Asks for it as a patient client would, and stays until it is settled.
   * @throws when it is refused
   */
  carryOut: (world: World) => Promise<void>
  /** How far it has come, for whoever reads that it did not settle. */
  state: () => string
  /** Compares everything that was asked for with what is there, outside and in the answers of the API. */
  compare: (outside: Outside, client: ChaosClient) => Promise<Comparison>
  /** Attempts that its items took, by `STEP item`; known when it is settled. */
  attempts: () => Map<string, number>
  /** Runs that it took. */
  runs: () => number
}

/** What a driver decides an order by. */
export interface Draw {
  random: Random
  /** The how-many-eth order it is, from 1: a part of every name. */
  n: number
  /** The Discord server for it. */
  guildId: string
  /** `owner/name` of the repository for its branches. */
  repository: string
}

/** Drives one workflow: asks for it in every way there is, and knows what has to be there then. */
export interface Driver {
  /** How often its orders come, beside those of the others. */
  weight: number
  order: (draw: Draw) => Order
}
