import type { Random } from '../random.ts'

/** Faults of processes, of their clocks and of PostgreSQL. `weight`: the relative frequency of a kind. */
const kinds = {
  'kill': { weight: 6, downMs: [500, 8_000] },
  'kill all but one': { weight: 2, downMs: [4_000, 12_000] },
  'kill all': { weight: 1, downMs: [500, 3_000] },
  'freeze': { weight: 2, downMs: [10_000, 90_000] },
  'rolling restart': { weight: 1.5, downMs: [0, 0] },
  'restart database': { weight: 1, downMs: [0, 0] },
  'stop database': { weight: 2, downMs: [1_000, 8_000] },
  'kill database': { weight: 1, downMs: [0, 3_000] },
  'long database outage': { weight: 0.3, downMs: [30_000, 60_000] },
  'drop connections': { weight: 3, downMs: [0, 0] },
  'skew clocks': { weight: 2, downMs: [0, 0] },
} as const satisfies Record<string, { weight: number, downMs: readonly [number, number] }>

export type FaultKind = keyof typeof kinds

/** One planned fault: its kind, time, process and duration. */
export interface InfrastructureFault {
  kind: FaultKind
  /** Time since the start. */
  atMs: number
  /** Index of the process that fails, or of the only survivor. If it is down, the next live process takes its place. */
  process: number
  downMs: number
  /** For skewed clocks: by how many seconds the clock of each process is ahead from now on. */
  skews?: number[]
}

/** The workload runs this long before the first fault. */
const FIRST_FAULT_MS = 2_000
/** A clock is off by at most this. */
const MAX_SKEW_MS = 10_000
/** A shorter run has no long outage, because the outage would outlast it. */
const MIN_LONG_OUTAGE_RUN_MS = 120_000

/** Faults until `lastMs`: first each kind once in random order, then random kinds. */
export function planInfrastructureFaults(random: Random, lastMs: number, processes: number): InfrastructureFault[] {
  const isLongRun = lastMs >= MIN_LONG_OUTAGE_RUN_MS
  const possible = (Object.keys(kinds) as FaultKind[]).filter(kind => isLongRun || kind !== 'long database outage')
  const faults: InfrastructureFault[] = []
  const eachOnce = random.shuffled(possible)
  const [minPause, maxPause] = lastMs < MIN_LONG_OUTAGE_RUN_MS / 3 ? [1_000, 3_000] : [2_000, 7_000]
  for (let atMs = FIRST_FAULT_MS; atMs < lastMs; atMs += random.int(minPause, maxPause)) {
    const kind = eachOnce.pop() ?? pickWeighted(random, possible)
    const [from, to] = kinds[kind].downMs
    const process = random.int(0, processes - 1)
    const fault = { kind, atMs, process, downMs: Math.min(random.int(from, to), Math.round(lastMs / 6)) }
    faults.push(kind === 'skew clocks' ? { ...fault, skews: planSkews(random.fork(`skews ${atMs}`), processes) } : fault)
  }
  return faults
}

const planSkews = (random: Random, processes: number): number[] =>
  Array.from({ length: processes }, () => random.int(-MAX_SKEW_MS, MAX_SKEW_MS) / 1_000)

function pickWeighted(random: Random, possible: FaultKind[]): FaultKind {
  return random.pick(possible.flatMap(kind => Array<FaultKind>(kinds[kind].weight * 10).fill(kind)))
}
