import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '../../scripts/lib/postgres.ts'
import { type Figure, median, percentile } from '../lib/figures.ts'
import { buildServer } from './build.ts'
import { type Round, round } from './measure.ts'
import { startSide } from './side.ts'

const ROUNDS = 7
const ALONE = { runs: 20, atOnce: 1 }
const BUSY = { runs: 60, atOnce: 15 }

/**
 * Five-step runs on the runtime alone and with what Atelier adds, by turns on the same machine:
 * one after the other for the times of a step, many at once for how many a second.
 */
export async function benchRuntime(): Promise<Figure[]> {
  const script = await buildServer()
  return [...await compare(script, 1), ...await compare(script, 3)]
}

async function compare(script: string, processes: number): Promise<Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'atelier-bench-'))
  try {
    await using stack = new AsyncDisposableStack()
    const server = await startPostgres({ dataDir })
    stack.defer(server.stop)
    const sides = await Promise.all((['stock', 'ours'] as const).map(name => startSide(name, processes, { script, server: server.url, stack })))
    const alone: Round[][] = [[], []]
    const busy: Round[][] = [[], []]
    // What is compiled only once it was run often is no part of a step.
    for (const side of sides) await round(side, { ...BUSY, atOnce: BUSY.atOnce * processes })
    for (let turn = 0; turn < ROUNDS; turn++) {
      for (const [n, side] of sides.entries()) {
        alone[n]!.push(await round(side, ALONE))
        busy[n]!.push(await round(side, { ...BUSY, atOnce: BUSY.atOnce * processes }))
      }
    }
    return figuresOf(processes, alone, busy)
  }
  finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

function figuresOf(processes: number, alone: Round[][], busy: Round[][]): Figure[] {
  const of = (what: string, unit: string, value: (n: number) => number): Figure[] =>
    ['the runtime alone', 'with Atelier'].map((side, n) => ({ name: `${count(processes)}, ${side}: ${what}`, unit, value: value(n) }))
  const stepTimes = alone.map(rounds => rounds.map(({ steps }) => median(steps)))
  const rates = busy.map(rounds => median(rounds.map(({ rate }) => rate)))
  return [
    ...of('five-step runs a second', '/s', n => rates[n]!),
    ...of('step gap p50', 'ms', n => percentile(alone[n]!.flatMap(({ gaps }) => gaps), 50)),
    ...of('step gap p99', 'ms', n => percentile(alone[n]!.flatMap(({ gaps }) => gaps), 99)),
    ...of('start to first step p50', 'ms', n => median(alone[n]!.flatMap(({ firsts }) => firsts))),
    ...of('time of a step', 'ms', n => median(stepTimes[n]!)),
    { name: `${count(processes)}: our share of the time of a step`, unit: '%', aim: 15, value: share(stepTimes[0]!, stepTimes[1]!), note: 'median of rounds by turns' },
    { name: `${count(processes)}: our share of a busy machine`, unit: '%', value: 100 * (1 - rates[1]! / rates[0]!) },
  ]
}

const count = (processes: number) => processes === 1 ? 'one process' : `${processes} processes`

/** The median over the rounds of what part of a step's time is ours, in per cent. */
const share = (stock: number[], ours: number[]) => median(ours.map((time, turn) => 100 * (time - stock[turn]!) / time))
