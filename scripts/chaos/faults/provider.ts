import type { Control } from '../../../emulators/control-client.ts'
import type { FaultPlan } from '../../../emulators/core/faults.ts'
import type { Random } from '../random.ts'

/** Control clients of the emulators. */
export interface Controls { github: Control, discord: Control }

/** One call on one resource that a fault can hit, and the item that makes the call. */
export interface FaultTarget {
  at: keyof Controls
  operation: string
  /** The emulator's exact name of the resource; absent for a call without one. */
  subject?: string
  /** `STEP item`. */
  item: string
}

/** A planned fault of one call. */
export interface ProviderFault extends FaultTarget {
  /** Which of the target's calls it hits, from 1. */
  nth: number
  effect: Pick<FaultPlan, 'when' | 'action' | 'status' | 'headers' | 'ms'>
  /** Whether the call fails and costs the item an attempt. Delays and rate limits cost none. */
  costsAttempt: boolean
}

/** Longer than the server's timeout of a call, 15 s. */
const BEYOND_TIMEOUT_MS = 16_000

const failure = (random: Random): ProviderFault['effect'] => random.pick<ProviderFault['effect']>([
  { when: 'before', action: 'status', status: random.pick([500, 502, 503]) },
  { when: 'after', action: 'status', status: random.pick([500, 502, 503]) },
  { when: 'before', action: 'drop' },
  { when: 'after', action: 'drop' },
  { when: 'after', action: 'drop' },
])

/** A delay or a rate limit. Rate limits are rare, because they stop all processes. */
const slowdown = (random: Random): ProviderFault['effect'] => random.chance(0.1)
  ? { when: 'before', action: 'status', status: 429, headers: { 'retry-after': String(random.int(1, 2)) } }
  : { when: random.pick(['before', 'after']), action: 'delay', ms: random.int(300, 4_000) }

/**
 * Faults of one scenario's calls. At most `most` faults cost an item an attempt, so that no item runs out of attempts
 * and every scenario can succeed.
 */
export function planProviderFaults(random: Random, targets: FaultTarget[], { most = 3, share = 0.25 } = {}): ProviderFault[] {
  const costs = new Map<string, number>()
  const calls = new Map<string, number>()
  return targets.flatMap(target => Array.from({ length: most + 1 }, () => target)).flatMap((target): ProviderFault[] => {
    if (!random.chance(share)) return []
    const call = [target.at, target.operation, target.subject].join(' ')
    const costsAttempt = random.chance(0.5) && (costs.get(target.item) ?? 0) < most
    if (costsAttempt) costs.set(target.item, (costs.get(target.item) ?? 0) + 1)
    const nth = (calls.get(call) ?? 0) + 1
    calls.set(call, nth)
    return [{ ...target, nth, effect: costsAttempt ? failureOrTimeout(random) : slowdown(random), costsAttempt }]
  })
}

const failureOrTimeout = (random: Random): ProviderFault['effect'] =>
  random.chance(0.04) ? { when: 'after', action: 'delay', ms: BEYOND_TIMEOUT_MS } : failure(random)

/** How many calls faults have hit: those that cost an attempt, by item, and all. */
export interface FaultHits { costly: Map<string, number>, total: number }

/** Injects the faults into the emulators. @returns how to remove them */
export async function injectProviderFaults(
  controls: Controls,
  faults: ProviderFault[],
): Promise<{ remove: () => Promise<FaultHits> }> {
  const ids = await Promise.all(faults.map(({ at, operation, subject, nth, effect }) =>
    controls[at].fault({ operation, ...(subject !== undefined && { subject }), nth, ...effect })))
  return {
    async remove() {
      const costly = new Map<string, number>()
      let total = 0
      for (const [index, { at, item, costsAttempt }] of faults.entries()) {
        const hits = await controls[at].reached(ids[index]!, 0)
        await controls[at].removeFault(ids[index])
        total += hits
        if (costsAttempt) costly.set(item, (costly.get(item) ?? 0) + hits)
      }
      return { costly, total }
    },
  }
}
