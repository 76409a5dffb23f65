import type { Control } from '../../emulators/control-client.ts'
import type { FaultPlan } from '../../emulators/core/faults.ts'
import type { Random } from './random.ts'

/** The emulators, as they are steered. */
export interface Controls { github: Control, discord: Control }

/** One call of one thing that can be bent, and the item whose attempt it belongs to. */
export interface Target {
  at: keyof Controls
  operation: string
  /** The exact name that the emulator knows the call by; absent where it has none. */
  subject?: string
  /** `STEP item`. */
  item: string
}

/** A fault that one call of a target will meet. */
export interface PlannedFault extends Target {
  /** Which of the target's calls meets it, from 1. */
  nth: number
  bend: Pick<FaultPlan, 'when' | 'action' | 'status' | 'headers' | 'ms'>
  /** Whether the call fails for good, so that it costs the item an attempt. A delay or a rate limit costs none. */
  costly: boolean
}

/** Longer than the server's patience with a call, 15 s. */
const TOO_LONG_MS = 16_000

const costly = (random: Random): PlannedFault['bend'] => random.pick<PlannedFault['bend']>([
  { when: 'before', action: 'status', status: random.pick([500, 502, 503]) },
  { when: 'after', action: 'status', status: random.pick([500, 502, 503]) },
  { when: 'before', action: 'drop' },
  { when: 'after', action: 'drop' },
  { when: 'after', action: 'drop' },
])

/** A rate limit stops everybody who uses the credential, so it is rare. */
const cheap = (random: Random): PlannedFault['bend'] => random.chance(0.1)
  ? { when: 'before', action: 'status', status: 429, headers: { 'retry-after': String(random.int(1, 2)) } }
  : { when: random.pick(['before', 'after']), action: 'delay', ms: random.int(300, 4_000) }

/**
 * Faults for the calls of one order. An item meets at most `most` that cost it an attempt, so
 * that none can fail for good, and what it was asked for must come to be.
 */
export function planFaults(random: Random, targets: Target[], { most = 3, share = 0.25 } = {}): PlannedFault[] {
  const spent = new Map<string, number>()
  const calls = new Map<string, number>()
  return targets.flatMap(target => Array.from({ length: most + 1 }, () => target)).flatMap((target): PlannedFault[] => {
    if (!random.chance(share)) return []
    const call = [target.at, target.operation, target.subject].join(' ')
    const isCostly = random.chance(0.5) && (spent.get(target.item) ?? 0) < most
    if (isCostly) spent.set(target.item, (spent.get(target.item) ?? 0) + 1)
    const nth = (calls.get(call) ?? 0) + 1
    calls.set(call, nth)
    const bend = isCostly ? random.chance(0.04) ? { when: 'after' as const, action: 'delay' as const, ms: TOO_LONG_MS } : costly(random) : cheap(random)
    return [{ ...target, nth, bend, costly: isCostly }]
  })
}

/** Faults that are in force, and what became of them. */
export interface Armed {
  /** Takes them back; @returns how often calls of each item met a costly one, and any */
  mend: () => Promise<{ costly: Map<string, number>, met: number }>
}

/** Plans the faults at the emulators. */
export async function armFaults(controls: Controls, faults: PlannedFault[]): Promise<Armed> {
  const ids = await Promise.all(faults.map(({ at, operation, subject, nth, bend }) =>
    controls[at].fault({ operation, ...(subject !== undefined && { subject }), nth, ...bend })))
  return {
    async mend() {
      const costly = new Map<string, number>()
      let met = 0
      for (const [index, { at, item, ...fault }] of faults.entries()) {
        const reached = await controls[at].reached(ids[index]!, 0)
        await controls[at].removeFault(ids[index])
        met += reached
        if (fault.costly) costly.set(item, (costly.get(item) ?? 0) + reached)
      }
      return { costly, met }
    },
  }
}
