import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '../../scripts/lib/postgres.ts'
import { type Figure, median, percentile } from '../lib/figures.ts'
import { buildServer } from './build.ts'
import { measureRound, type Round } from './measure.ts'
import { startVariant } from './variant.ts'

const ROUNDS = 7
/** Measures the time of a step: one run at a time. */
const SEQUENTIAL = { runs: 20, concurrency: 1 }
/** Measures the throughput: many concurrent runs per process. */
const CONCURRENT = { runs: 60, concurrency: 15 }
const VARIANTS = ['baseline', 'atelier'] as const

/**
 * Compares five-step runs on the runtime alone with runs that have Atelier's additions, in alternating rounds on the
 * same machine.
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
    const options = { processes, script, server: server.url, stack }
    const variants = await Promise.all(VARIANTS.map(name => startVariant(name, options)))
    const sequential: Round[][] = [[], []]
    const concurrent: Round[][] = [[], []]
    const concurrentOptions = { ...CONCURRENT, concurrency: CONCURRENT.concurrency * processes }
    // A warm-up, because V8 optimizes code only after many runs.
    for (const variant of variants) await measureRound(variant, concurrentOptions)
    for (let round = 0; round < ROUNDS; round++) {
      for (const [n, variant] of variants.entries()) {
        sequential[n]!.push(await measureRound(variant, SEQUENTIAL))
        concurrent[n]!.push(await measureRound(variant, concurrentOptions))
      }
    }
    return figuresOf(processes, sequential, concurrent)
  }
  finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

function figuresOf(processes: number, sequential: Round[][], concurrent: Round[][]): Figure[] {
  const count = processes === 1 ? 'one process' : `${processes} processes`
  const forEach = (what: string, unit: string, value: (n: number) => number): Figure[] =>
    ['the runtime alone', 'with Atelier'].map((variant, n) => ({ name: `${count}, ${variant}: ${what}`, unit, value: value(n) }))
  const stepTimes = sequential.map(rounds => rounds.map(({ stepTimes }) => median(stepTimes)))
  const rates = concurrent.map(rounds => median(rounds.map(({ rate }) => rate)))
  const stepGaps = sequential.map(rounds => rounds.flatMap(({ stepGaps }) => stepGaps))
  const startDelays = sequential.map(rounds => rounds.flatMap(({ startDelays }) => startDelays))
  return [
    ...forEach('five-step runs a second', '/s', n => rates[n]!),
    ...forEach('step gap p50', 'ms', n => percentile(stepGaps[n]!, 50)),
    ...forEach('step gap p99', 'ms', n => percentile(stepGaps[n]!, 99)),
    ...forEach('start to first step p50', 'ms', n => median(startDelays[n]!)),
    ...forEach('time of a step', 'ms', n => median(stepTimes[n]!)),
    {
      name: `${count}: Atelier's share of the time of a step`,
      unit: '%',
      target: 15,
      value: overhead(stepTimes[0]!, stepTimes[1]!),
      note: 'median of alternating rounds',
    },
    { name: `${count}: Atelier's share of the throughput`, unit: '%', value: 100 * (1 - rates[1]! / rates[0]!) },
  ]
}

/** Atelier's share of the time of a step in percent: the median over all rounds. */
const overhead = (baseline: number[], atelier: number[]) =>
  median(atelier.map((time, round) => 100 * (time - baseline[round]!) / time))
