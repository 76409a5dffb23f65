import type { DiscordState } from '../../emulators/discord/state.ts'
import type { GitHubState } from '../../emulators/github/state.ts'
import type { ChaosClient } from './client.ts'
import type { Database } from './database.ts'
import type { ExternalUser } from './external-user.ts'
import type { ProviderFault } from './faults/provider.ts'
import type { Random } from './random.ts'

/**
 * A violation that verification has found. `lost`: acknowledged, but missing. `doubled`: present more than once, or
 * never requested. `wrong`: different from the request. `stranded`: not settled in time. `failed`: ended with an error.
 */
export interface Finding {
  kind: 'lost' | 'doubled' | 'wrong' | 'stranded' | 'failed'
  what: string
}

/** The resources that the emulators have. */
export interface ActualState { github: GitHubState, discord: DiscordState }

/** The id of a branch among all resources of the emulators. */
export const branchId = (repository: string, branch: string) => `${repository} ${branch}`

/** The systems that scenarios act on. They use the API wherever it has an operation, and the database otherwise. */
export interface ScenarioContext { client: ChaosClient, database: Database, externalUser: ExternalUser }

/** The result of verifying a scenario. `expectedIds`: resources that may exist for it; all others are `doubled`. */
export interface Verification { findings: Finding[], expectedIds: string[] }

/** One request of a client, and the state that it must lead to. */
export interface Scenario {
  /** Unique. Also the scenario's `Idempotency-Key`. */
  name: string
  /** All random decisions, for the comparison of plans. */
  parameters: unknown
  faults: ProviderFault[]
  /** Sends the request with retries, and waits until its runs settle. @throws if Atelier refuses it or it fails */
  run: (context: ScenarioContext) => Promise<void>
  /** Describes the progress, for scenarios that do not settle. */
  describe: () => string
  /** Compares the request with the emulators' resources and with the answers of the API. */
  verify: (actual: ActualState, client: ChaosClient) => Promise<Verification>
  /** Attempts of its items, by `STEP item`. Complete once the scenario has settled. */
  attempts: () => Map<string, number>
  /** Number of its workflow runs. */
  runCount: () => number
}

/** The inputs from which a driver creates a scenario. */
export interface ScenarioInput {
  random: Random
  /** Number of the scenario, from 1. Every name contains it. */
  n: number
  /** The scenario's Discord server. */
  guildId: string
  /** `owner/name` of the repository for its branches. */
  repository: string
}

/** Creates scenarios for one workflow, in all variants of its requests. */
export interface Driver {
  /** Relative frequency of its scenarios. */
  weight: number
  createScenario: (input: ScenarioInput) => Scenario
}
