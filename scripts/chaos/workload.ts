import pLimit from 'p-limit'
import { setTimeout as wait } from 'node:timers/promises'
import { type Controls, type FaultHits, injectProviderFaults } from './faults/provider.ts'
import type { Scenario, ScenarioContext } from './scenario.ts'

/** The number of concurrent clients. Further scenarios wait for a client, so a slow machine runs only a part of the plan. */
const CLIENTS = 16

export interface ScenarioResult {
  scenario: Scenario
  outcome: 'settled' | 'stranded' | { error: unknown }
  durationMs: number
  faults: FaultHits
}

/** Runs scenarios on concurrent clients. The faults of a scenario are injected before it starts, until it settles. */
export function createWorkload(context: ScenarioContext, controls: Controls) {
  const limit = pLimit(CLIENTS)
  const results: Promise<ScenarioResult>[] = []
  const timeout = Promise.withResolvers<'stranded'>()

  async function run(scenario: Scenario): Promise<ScenarioResult> {
    const faults = await injectProviderFaults(controls, scenario.faults)
    const start = performance.now()
    const outcome = await Promise.race([
      scenario.run(context).then(() => 'settled' as const, (error: unknown) => ({ error })),
      timeout.promise,
    ])
    return { scenario, outcome, durationMs: Math.round(performance.now() - start), faults: await faults.remove() }
  }

  return {
    /** Resolves when a client starts the scenario. */
    submit: (scenario: Scenario) => new Promise<void>((resolve) => {
      results.push(limit(() => {
        resolve()
        return run(scenario)
      }))
    }),
    /** Waits for all scenarios. Those that have not settled at the timeout are stranded. */
    async settle(timeoutMs: number): Promise<ScenarioResult[]> {
      const all = Promise.all(results)
      const aborted = new AbortController()
      await Promise.race([all, wait(timeoutMs, undefined, { signal: aborted.signal })])
      timeout.resolve('stranded')
      aborted.abort()
      return all
    },
  }
}
