import type { Blows } from './disturb.ts'
import type { Finding } from './order.ts'

/** The figures of one chaos, and whether everything held. */
export interface Report extends Blows {
  ok: boolean
  seed: number
  seconds: number
  processes: number
  orders: number
  runs: number
  /** Calls of providers that met a planned fault. */
  faults: number
  requests: number
  /** Requests that were answered 503 or not at all, and sent again. */
  sentAgain: number
  tooMany: number
  internalErrors: number
  lost: number
  doubled: number
  wrong: number
  stranded: number
  failed: number
  /** Attempts beyond those that a planned fault explains. */
  attemptsOfCrashes: number
  orderP50Ms: number | null
  orderMaxMs: number | null
  recoveries: number
  recoveryP50Ms: number | null
  recoveryP95Ms: number | null
  recoveryMaxMs: number | null
  /** From the end of all trouble until the last order was settled. */
  settledAfterMs: number
  /** The longest that nothing moved in a run that was due, while PostgreSQL and a server were there. Held calls and waits for a rate limit are silent, too. */
  longestSilence: { ms: number, runId: string | null }
  findings: Finding[]
}

/** What issue 3 promises. */
export const RECOVERY_P95_MS = 10_000

/** The p-th percentile, 0 to 100, nearest rank; null of nothing. */
export function percentile(values: number[], p: number): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * p / 100) - 1)] ?? null
}

const seconds = (ms: number | null) => ms === null ? '–' : `${(ms / 1000).toFixed(1)} s`

/** The report as people read it. */
export function describe(report: Report): string[] {
  const rows: [string, string | number][] = [
    ['seed', report.seed],
    ['orders, runs', `${report.orders}, ${report.runs} in ${report.seconds} s on ${report.processes} processes`],
    ['kills, terminations', `${report.kills}, ${report.terminations} (slowest ${seconds(report.slowestStopMs)}, late ${report.lateStops})`],
    ['outages of PostgreSQL', `${report.outages}, ${seconds(report.outageMs)} in all; ${report.droppedConnections} connections dropped`],
    ['faults of providers', report.faults],
    ['requests', `${report.requests}, sent again ${report.sentAgain}, answered 429 ${report.tooMany}, answered 500 ${report.internalErrors}`],
    ['lost', report.lost],
    ['doubled', report.doubled],
    ['wrong', report.wrong],
    ['stranded', report.stranded],
    ['failed', report.failed],
    ['attempts of crashes', report.attemptsOfCrashes],
    ['recovery p50/p95/max', `${seconds(report.recoveryP50Ms)} / ${seconds(report.recoveryP95Ms)} / ${seconds(report.recoveryMaxMs)} of ${report.recoveries}`],
    ['longest silence', `${seconds(report.longestSilence.ms)} in run ${report.longestSilence.runId ?? '–'}`],
    ['order p50/max', `${seconds(report.orderP50Ms)} / ${seconds(report.orderMaxMs)}`],
    ['settled after', seconds(report.settledAfterMs)],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return [...report.findings.map(({ kind, what }) => `${kind}: ${what}`), '', ...rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`)]
}
