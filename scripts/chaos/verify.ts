import type { ChaosClient } from './client.ts'
import type { InjectedFaults } from './faults/injector.ts'
import type { Recovery } from './recovery.ts'
import { percentile, RECOVERY_P95_MS, type Report } from './report.ts'
import { type ActualState, branchId, type Finding, type Verification } from './scenario.ts'
import type { ScenarioResult } from './workload.ts'

/** The part of the report that verification fills in. */
type VerifiedFigures = Omit<Report, keyof InjectedFaults | 'seed' | 'seconds' | 'processes' | 'settledAfterMs' | 'longestStall'>

interface VerifyOptions {
  results: ScenarioResult[]
  /** The emulators' resources before the workload. */
  before: ActualState
  /** The emulators' resources after the workload. */
  actual: ActualState
  client: ChaosClient
  recovery: Recovery
}

/** Verifies the invariants: each scenario has its resources exactly once, and no other resource exists. */
export async function verify({ results, before, actual, client, recovery }: VerifyOptions): Promise<VerifiedFigures> {
  const findings: Finding[] = []
  const expectedIds = new Set(resourcesOf(before).map(({ id }) => id))
  for (const result of results) {
    const verification = await verifyResult(result, actual, client)
    findings.push(...verification.findings.map(({ kind, what }) => ({ kind, what: `${result.scenario.name}: ${what}` })))
    for (const id of verification.expectedIds) expectedIds.add(id)
  }
  findings.push(...unexpectedResources(actual, expectedIds))
  const unexplainedAttempts = sum(results.map(({ scenario, faults }) => unexplained(scenario.attempts(), faults.costly)))
  const count = (kind: Finding['kind']) => findings.filter(finding => finding.kind === kind).length
  const { traffic } = client
  const durations = results.map(({ durationMs }) => durationMs)
  const { recovered, open } = recovery.results()
  const isRecoveryFast = (percentile(recovered, 95) ?? 0) <= RECOVERY_P95_MS
  return {
    ok: findings.length === 0 && unexplainedAttempts === 0 && open === 0 && isRecoveryFast,
    scenarios: results.length,
    runs: sum(results.map(({ scenario }) => scenario.runCount())),
    faults: sum(results.map(({ faults }) => faults.total)),
    requests: traffic.requests,
    retries: traffic.unavailable,
    tooMany: traffic.tooMany,
    internalErrors: traffic.internal.length,
    lost: count('lost'),
    doubled: count('doubled'),
    wrong: count('wrong'),
    stranded: count('stranded'),
    failed: count('failed'),
    unexplainedAttempts,
    scenarioP50Ms: percentile(durations, 50),
    scenarioMaxMs: percentile(durations, 100),
    recoveries: recovered.length,
    recoveryP50Ms: percentile(recovered, 50),
    recoveryP95Ms: percentile(recovered, 95),
    recoveryMaxMs: percentile(recovered, 100),
    findings,
  }
}

async function verifyResult(
  { scenario, outcome }: ScenarioResult,
  actual: ActualState,
  client: ChaosClient,
): Promise<Verification> {
  const { findings, expectedIds } = await scenario.verify(actual, client)
  if (outcome === 'settled') return { findings, expectedIds }
  // An unsettled scenario may lack resources, but it may not have duplicates.
  const duplicates = findings.filter(({ kind }) => kind === 'doubled')
  const finding: Finding = outcome === 'stranded'
    ? { kind: 'stranded', what: scenario.describe() }
    : { kind: 'failed', what: `${String(outcome.error)} (${scenario.describe()})` }
  return { findings: [finding, ...duplicates], expectedIds }
}

/** All resources of the emulators that can have duplicates, with their ids. */
const resourcesOf = ({ github, discord }: ActualState) => [
  ...github.repos.flatMap(({ id, name, full_name, branches, default_branch }) => [
    { id: String(id), what: `repository ${name}` },
    ...Object.keys(branches).filter(branch => branch !== default_branch)
      .map(branch => ({ id: branchId(full_name, branch), what: `branch ${branch} of ${name}` })),
  ]),
  ...discord.guilds.flatMap(({ id: guildId, roles, channels }) => [
    ...roles.map(({ id, name }) => ({ id, what: `role ${name} of ${guildId}` })),
    ...channels.map(({ id, name }) => ({ id, what: `channel ${name} of ${guildId}` })),
  ]),
]

const unexpectedResources = (actual: ActualState, expectedIds: Set<string>): Finding[] => resourcesOf(actual)
  .filter(({ id }) => !expectedIds.has(id))
  .map(({ id, what }) => ({ kind: 'doubled', what: `${what} (${id}) was never requested` }))

/** Attempts beyond the first that no fault explains. */
const unexplained = (attempts: Map<string, number>, costly: Map<string, number>) =>
  sum([...attempts].map(([item, count]) => Math.max(0, count - 1 - (costly.get(item) ?? 0))))

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
