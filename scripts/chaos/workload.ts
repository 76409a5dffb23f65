import pLimit from 'p-limit'
import { setTimeout as wait } from 'node:timers/promises'
import { armFaults, type Controls } from './faults.ts'
import type { Order, World } from './order.ts'

/** As many clients at once; the next order waits for one of them, so that a slow machine only does less of the plan. */
const CLIENTS = 16

/** An order and what became of it. */
export interface Settled {
  order: Order
  outcome: 'settled' | 'stranded' | { error: unknown }
  tookMs: number
  /** How often calls of each item met a fault that cost an attempt, and calls of any a fault. */
  faults: { costly: Map<string, number>, met: number }
}

/** Carries orders out, each with its faults in force from before it is placed until it is settled. */
export function createWorkshop(world: World, controls: Controls) {
  const limit = pLimit(CLIENTS)
  const settled: Promise<Settled>[] = []
  const over = Promise.withResolvers<'stranded'>()

  async function carryOut(order: Order): Promise<Settled> {
    const armed = await armFaults(controls, order.faults)
    const start = performance.now()
    const outcome = await Promise.race([
      order.carryOut(world).then(() => 'settled' as const, (error: unknown) => ({ error })),
      over.promise,
    ])
    return { order, outcome, tookMs: Math.round(performance.now() - start), faults: await armed.mend() }
  }

  return {
    /** Resolves when a client takes it. */
    take: (order: Order) => new Promise<void>((resolve) => {
      settled.push(limit(() => {
        resolve()
        return carryOut(order)
      }))
    }),
    /** Waits for all; what has not settled by then is stranded. */
    async settle(patienceMs: number): Promise<Settled[]> {
      const all = Promise.all(settled)
      const aborted = new AbortController()
      await Promise.race([all, wait(patienceMs, undefined, { signal: aborted.signal })])
      over.resolve('stranded')
      aborted.abort()
      return all
    },
  }
}
