import type { Random } from './random.ts'

/** What is done to processes and to PostgreSQL. `weight`: how often, beside the others. */
const kinds = {
  'kill': { weight: 6, downMs: [500, 8_000] },
  'kill all but one': { weight: 2, downMs: [4_000, 12_000] },
  'kill all': { weight: 1, downMs: [500, 3_000] },
  'roll': { weight: 1.5, downMs: [0, 0] },
  'restart database': { weight: 1, downMs: [0, 0] },
  'stop database': { weight: 2, downMs: [1_000, 8_000] },
  'kill database': { weight: 1, downMs: [0, 3_000] },
  'stop database for long': { weight: 0.3, downMs: [30_000, 60_000] },
  'drop connections': { weight: 3, downMs: [0, 0] },
} as const satisfies Record<string, { weight: number, downMs: readonly [number, number] }>

export type Kind = keyof typeof kinds

/** One blow: what, when, against which process, and for how long. */
export interface Disturbance {
  kind: Kind
  /** From the start. */
  atMs: number
  /** The process that is hit, or the one that is spared; the next that lives, if it is down already. */
  process: number
  downMs: number
}

/** No blow comes in the first moments: there should be something to hit. */
const FIRST_MS = 2_000
/** A run too short for it would end in it. */
const LONG_ENOUGH_MS = 120_000

/** Blows for the whole time: each kind once, in any order, then by chance. */
export function planDisturbances(random: Random, lastMs: number, processes: number): Disturbance[] {
  const possible = (Object.keys(kinds) as Kind[]).filter(kind => lastMs >= LONG_ENOUGH_MS || kind !== 'stop database for long')
  const disturbances: Disturbance[] = []
  const eachOnce = random.shuffled(possible)
  const [least, most] = lastMs < LONG_ENOUGH_MS / 3 ? [1_000, 3_000] : [2_000, 7_000]
  for (let atMs = FIRST_MS; atMs < lastMs; atMs += random.int(least, most)) {
    const kind = eachOnce.pop() ?? weighted(random, possible)
    const [from, to] = kinds[kind].downMs
    disturbances.push({ kind, atMs, process: random.int(0, processes - 1), downMs: Math.min(random.int(from, to), Math.round(lastMs / 6)) })
  }
  return disturbances
}

function weighted(random: Random, possible: Kind[]): Kind {
  return random.pick(possible.flatMap(kind => Array<Kind>(kinds[kind].weight * 10).fill(kind)))
}
