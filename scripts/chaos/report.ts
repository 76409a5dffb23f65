import type { InjectedFaults } from './faults/injector.ts'
import type { Finding } from './scenario.ts'

/** The figures of a chaos test, and whether all invariants held. */
export interface Report extends InjectedFaults {
  ok: boolean
  seed: number
  seconds: number
  processes: number
  scenarios: number
  runs: number
  /** Provider calls that a planned fault has hit. */
  faults: number
  requests: number
  /** Requests that were retried after a 5xx or a timeout. */
  retries: number
  tooMany: number
  internalErrors: number
  lost: number
  doubled: number
  wrong: number
  stranded: number
  failed: number
  /** Attempts beyond the first that no planned fault explains. */
  unexplainedAttempts: number
  scenarioP50Ms: number | null
  scenarioMaxMs: number | null
  recoveries: number
  recoveryP50Ms: number | null
  recoveryP95Ms: number | null
  recoveryMaxMs: number | null
  /** From the end of all faults until the last scenario has settled. */
  settledAfterMs: number
  longestStall: Stall
  findings: Finding[]
}

/** A time without progress in a run that was due, while PostgreSQL and a server were up. Held calls and waits for a rate limit count. */
export interface Stall { ms: number, runId: string | null }

/** The limit of the recovery time's 95th percentile. */
export const RECOVERY_P95_MS = 10_000

/** The p-th percentile, 0 to 100, by nearest rank; null without values. */
export function percentile(values: number[], p: number): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * p / 100) - 1)] ?? null
}

const seconds = (ms: number | null) => ms === null ? '–' : `${(ms / 1000).toFixed(1)} s`

const allSeconds = (...times: (number | null)[]) => times.map(seconds).join(' / ')

/** The report as text. */
export function describe(report: Report): string[] {
  const { runs, requests, retries, tooMany, internalErrors, longestStall } = report
  const rows: [string, string | number][] = [
    ['seed', report.seed],
    ['scenarios, runs', `${report.scenarios}, ${runs} in ${report.seconds} s on ${report.processes} processes`],
    ['kills', report.kills],
    ['freezes', `${report.freezes}, ${seconds(report.frozenMs)} in total`],
    ['terminations', `${report.terminations} (slowest ${seconds(report.slowestStopMs)}, late ${report.lateStops})`],
    ['PostgreSQL outages', `${report.outages}, ${seconds(report.outageMs)} in total`],
    ['dropped connections', report.droppedConnections],
    ['skewed clocks', report.skews],
    ['provider faults', report.faults],
    ['requests', `${requests}, retried ${retries}, answered 429 ${tooMany}, answered 500 ${internalErrors}`],
    ['lost', report.lost],
    ['doubled', report.doubled],
    ['wrong', report.wrong],
    ['stranded', report.stranded],
    ['failed', report.failed],
    ['unexplained attempts', report.unexplainedAttempts],
    ['recovery p50/p95/max', allSeconds(report.recoveryP50Ms, report.recoveryP95Ms, report.recoveryMaxMs)],
    ['recoveries', report.recoveries],
    ['longest stall', `${seconds(longestStall.ms)} in run ${longestStall.runId ?? '–'}`],
    ['scenario p50/max', allSeconds(report.scenarioP50Ms, report.scenarioMaxMs)],
    ['settled after', seconds(report.settledAfterMs)],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return [
    ...report.findings.map(({ kind, what }) => `${kind}: ${what}`),
    '',
    ...rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`),
  ]
}
