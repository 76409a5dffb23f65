import type { ChaosClient } from './client.ts'
import { branchId, type Comparison, type Finding, type Outside } from './order.ts'
import type { Recovery } from './recovery.ts'
import { percentile, RECOVERY_P95_MS, type Report } from './report.ts'
import type { Settled } from './workshop.ts'

type Verdict = Omit<Report, 'seed' | 'seconds' | 'processes' | 'settledAfterMs' | 'longestSilence' | 'kills' | 'terminations' | 'outages' | 'outageMs' | 'droppedConnections' | 'lateStops' | 'slowestStopMs'>

/**
 * Compares every order with what came of it, and everything outside with all orders.
 * @param before what was outside before anything was asked for
 */
export async function judge(all: Settled[], before: Outside, outside: Outside, client: ChaosClient): Promise<(recovery: ReturnType<Recovery['samples']>) => Verdict> {
  const findings: Finding[] = []
  const accounted = new Set(thingsOf(before).map(({ id }) => id))
  for (const settled of all) {
    const comparison = await judgeOne(settled, outside, client)
    findings.push(...comparison.findings.map(({ kind, what }) => ({ kind, what: `${settled.order.name}: ${what}` })))
    for (const id of comparison.accounted) accounted.add(id)
  }
  findings.push(...strangers(outside, accounted))
  const attemptsOfCrashes = all.reduce((sum, { order, faults }) => sum + unexplained(order.attempts(), faults.costly), 0)
  const count = (kind: Finding['kind']) => findings.filter(finding => finding.kind === kind).length
  const { traffic } = client
  return ({ recovered, open }) => ({
    ok: findings.length === 0 && attemptsOfCrashes === 0 && open === 0 && (percentile(recovered, 95) ?? 0) <= RECOVERY_P95_MS,
    orders: all.length,
    runs: all.reduce((sum, { order }) => sum + order.runs(), 0),
    faults: all.reduce((sum, { faults }) => sum + faults.met, 0),
    requests: traffic.requests, sentAgain: traffic.away, tooMany: traffic.tooMany, internalErrors: traffic.internal.length,
    lost: count('lost'), doubled: count('doubled'), wrong: count('wrong'), stranded: count('stranded'), failed: count('failed'),
    attemptsOfCrashes,
    orderP50Ms: percentile(all.map(({ tookMs }) => tookMs), 50), orderMaxMs: percentile(all.map(({ tookMs }) => tookMs), 100),
    recoveries: recovered.length,
    recoveryP50Ms: percentile(recovered, 50), recoveryP95Ms: percentile(recovered, 95), recoveryMaxMs: percentile(recovered, 100),
    findings,
  })
}

async function judgeOne({ order, outcome }: Settled, outside: Outside, client: ChaosClient): Promise<Comparison> {
  const { findings, accounted } = await order.compare(outside, client)
  if (outcome === 'settled') return { findings, accounted }
  // What is missing of an order that was never done is no other finding; what is doubled is.
  const others = findings.filter(({ kind }) => kind === 'doubled')
  const own: Finding = outcome === 'stranded' ? { kind: 'stranded', what: order.state() } : { kind: 'failed', what: `${String(outcome.error)} (${order.state()})` }
  return { findings: [own, ...others], accounted }
}

/** Everything outside that can be doubled, each with its id. */
const thingsOf = ({ github, discord }: Outside) => [
  ...github.repos.flatMap(({ id, name, full_name, branches, default_branch }) => [
    { id: String(id), what: `repository ${name}` },
    ...Object.keys(branches).filter(branch => branch !== default_branch).map(branch => ({ id: branchId(full_name, branch), what: `branch ${branch} of ${name}` })),
  ]),
  ...discord.guilds.flatMap(({ id: guildId, roles, channels }) => [
    ...roles.map(({ id, name }) => ({ id, what: `role ${name} of ${guildId}` })),
    ...channels.map(({ id, name }) => ({ id, what: `channel ${name} of ${guildId}` })),
  ]),
]

/** Things outside that nobody asked for. */
const strangers = (outside: Outside, accounted: Set<string>): Finding[] =>
  thingsOf(outside).filter(({ id }) => !accounted.has(id)).map(({ id, what }) => ({ kind: 'doubled', what: `${what} (${id}) was never asked for` }))

/** Attempts beyond the first that no fault explains. */
const unexplained = (attempts: Map<string, number>, costly: Map<string, number>) =>
  [...attempts].reduce((sum, [item, made]) => sum + Math.max(0, made - 1 - (costly.get(item) ?? 0)), 0)
