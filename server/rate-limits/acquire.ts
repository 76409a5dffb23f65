import { setTimeout as sleep } from 'node:timers/promises'
import { noRoom } from './refusal'
import { type Demand, endProcess } from './state'
import type { Gate } from '../lib/rate-limits/rate-limited'
import { listBudgets, readBudget, writeBudget } from './queries'
import { thisProcess } from '../lib/process'
import { Teller } from './limiter'

/** A wait that is shorter is waited here; a longer one is the item's, in the database. */
const PATIENCE_MS = 2_000
/** Every call ends within fifteen seconds, by its client's own timeout. */
const CALL_MS = 20_000

// In development steps are bundled apart from the server: the process, not the module, has the tellers.
const shared = globalThis as typeof globalThis & { __atelierTellers?: Map<string, Teller> }

function tellerOf(budget: string): Teller {
  const tellers = shared.__atelierTellers ??= new Map<string, Teller>()
  const known = tellers.get(budget) ?? new Teller(budget)
  tellers.set(budget, known)
  return known
}

/**
 * The gate for the calls of one item. It lets a call pass when all processes together stay within
 * what the provider allows; else it waits a moment, or throws RATE_LIMITED with the time at which there is room.
 * @param who the same whenever the same thing is tried again: by it it keeps its place
 */
export const gateFor = (who: string): Gate => async ({ service, budget, rules, action, weights, calls, route }) => {
  const teller = tellerOf(budget)
  const demand: Demand = { key: `${who} ${action}`, process: shortOf(thisProcess().id), rules, weights, calls, lastsMs: CALL_MS * calls, route }
  for (const patience = Date.now() + PATIENCE_MS; ;) {
    const drawn = await teller.draw(demand)
    if (drawn.state === 'go') return news => teller.settle(drawn.ticket, news)
    if (Date.now() + drawn.waitMs > patience) throw noRoom(service, drawn.rule, drawn.waitMs)
    await sleep(drawn.waitMs)
  }
}

/** Short, as the calls of many are kept. */
const shortOf = (processId: string) => processId.slice(0, 8)

/**
 * What a process had out when it ended, so many ms ago or longer, holds up nobody any more: its
 * calls count as answered by then.
 */
export async function endCallsOf(processId: string, agoMs: number): Promise<void> {
  for (const budget of await listBudgets()) {
    for (let written: number | undefined; written === undefined;) {
      const { version, state, at } = await readBudget(budget)
      endProcess(state, shortOf(processId), at - agoMs)
      written = await writeBudget(budget, version, state)
    }
  }
}
