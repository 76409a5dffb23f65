import { Gauge } from 'prom-client'
import { countRuns, measureFairQueue } from '../engine/queries/run-counts'
import { clockSkewMs } from '../engine/runtime/process-clock'
import { runtimeConnections } from '../engine/runtime/state'
import { metrics } from '../lib/metrics'
import { listRemaining } from '../rate-limits/remaining'

/** Scrapers that come more often get the last answer: each one costs a look at all runs. */
const FRESH_MS = 5_000

let last: { at: number, text: Promise<string> } | undefined

/** The metrics of this process, and of all processes together, in the text format of Prometheus. */
export function describeMetrics(): Promise<string> {
  if (!last || performance.now() - last.at > FRESH_MS) {
    const text = scrape()
    last = { at: performance.now(), text }
    text.catch(() => last = undefined)
  }
  return last.text
}

async function scrape(): Promise<string> {
  const shown = gauges ??= createGauges()
  const [runs, queue, limits] = await Promise.all([countRuns(), measureFairQueue(), listRemaining()])
  for (const gauge of [shown.runs, shown.remaining, shown.limit]) gauge.reset()
  for (const { workflow, status, count } of runs) shown.runs.set({ workflow, status }, count)
  shown.queueLength.set(queue.length)
  shown.queueOldest.set(queue.oldestSeconds)
  for (const { service, rule, limit, remaining } of limits) {
    shown.limit.set({ service, rule }, limit)
    shown.remaining.set({ service, rule }, remaining)
  }
  const skewMs = clockSkewMs()
  if (skewMs !== undefined) shown.skew.set(skewMs / 1000)
  for (const [state, count] of Object.entries(runtimeConnections())) shown.connections.set({ state }, count)
  return metrics().registry.metrics()
}

let gauges: ReturnType<typeof createGauges> | undefined

/** What is read at each scrape. Runs, queue and limits are those of all processes. */
function createGauges() {
  const registers = [metrics().registry]
  return {
    runs: new Gauge({ name: 'atelier_runs', help: 'Runs by workflow and status.', labelNames: ['workflow', 'status'], registers }),
    queueLength: new Gauge({ name: 'atelier_queue_length', help: 'Runs that wait in the fair queue.', registers }),
    queueOldest: new Gauge({ name: 'atelier_queue_oldest_seconds', help: 'How long the oldest queued run has waited.', registers }),
    limit: new Gauge({
      name: 'atelier_rate_limit', help: 'What a rate limit allows in its window.', labelNames: ['service', 'rule'], registers,
    }),
    remaining: new Gauge({
      name: 'atelier_rate_limit_remaining', help: 'What a rate limit still allows now.', labelNames: ['service', 'rule'], registers,
    }),
    skew: new Gauge({
      name: 'atelier_clock_skew_seconds', help: 'How far the clock of this process is ahead of the database\'s.', registers,
    }),
    connections: new Gauge({
      name: 'atelier_runtime_connections', help: 'Connections of the workflow runtime to PostgreSQL.', labelNames: ['state'], registers,
    }),
  }
}
