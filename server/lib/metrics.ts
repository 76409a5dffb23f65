import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client'

/**
 * What this process counts, for `/metrics`. Names follow https://prometheus.io/docs/practices/naming/; seconds
 * everywhere. Labels have few values: no id, no name of a person or a repository.
 */
function createMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  return {
    registry,
    calls: new Counter({
      name: 'atelier_provider_calls_total', help: 'Calls to outside services.', labelNames: ['service', 'action', 'result'], registers,
    }),
    callSeconds: new Histogram({
      name: 'atelier_provider_call_seconds', help: 'Time until an outside service answered.', labelNames: ['service'],
      buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10], registers,
    }),
    attemptSeconds: new Histogram({
      name: 'atelier_step_attempt_seconds', help: 'Attempts at items of steps, by outcome.', labelNames: ['workflow', 'step', 'outcome'],
      buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000], registers,
    }),
    queueSeconds: new Histogram({
      name: 'atelier_run_queue_seconds', help: 'Time that runs spent in the fair queue.', labelNames: ['workflow'],
      buckets: [0.01, 0.1, 1, 10, 60, 300, 1800, 7200], registers,
    }),
    leasesLost: new Counter({
      name: 'atelier_leases_lost_total', help: 'Leases that this process lost to another one.', labelNames: ['of'], registers,
    }),
    repairs: new Counter({
      name: 'atelier_watchdog_repairs_total', help: 'What the watchdog of this process repaired.', labelNames: ['repair'], registers,
    }),
  }
}

// In development, steps are bundled apart from the server: so the process, not the module, has the metrics.
const shared = globalThis as typeof globalThis & { __atelierMetrics?: ReturnType<typeof createMetrics> }

export const metrics = () => shared.__atelierMetrics ??= createMetrics()
