import { setTimeout as wait } from 'node:timers/promises'
import type { Variant } from './variant.ts'

const POLL_INTERVAL_MS = 10

/** Times of one round of runs, in ms, from the runtime's own records. */
export interface Round {
  /** Runs per second. */
  rate: number
  /** From the end of a step to the start of the next one. */
  stepGaps: number[]
  /** From the start of a run to the start of its first step. */
  startDelays: number[]
  /** Duration of a run, divided by its steps. */
  stepTimes: number[]
}

export interface RoundOptions { runs: number, concurrency: number }

/** Runs a number of workflows with limited concurrency. */
export async function measureRound(variant: Variant, { runs, concurrency }: RoundOptions): Promise<Round> {
  await waitUntilIdle(variant)
  const before = await completedRuns(variant)
  const startedAt = new Date(Date.now() - 1)
  const start = performance.now()
  for (let started = 0; started < runs;) {
    const active = started - (await completedRuns(variant) - before)
    const free = Math.min(concurrency - active, runs - started)
    await Promise.all(Array.from({ length: free }, () => variant.start()))
    started += free
    if (!free) await wait(POLL_INTERVAL_MS)
  }
  while (await completedRuns(variant) - before < runs) await wait(POLL_INTERVAL_MS)
  const rate = runs / ((performance.now() - start) / 1000)
  return { rate, ...await readTimes(variant, startedAt) }
}

async function waitUntilIdle(variant: Variant): Promise<void> {
  while ((await countRuns(variant)).active) await wait(POLL_INTERVAL_MS)
}

const completedRuns = async (variant: Variant) => (await countRuns(variant)).completed

async function countRuns({ sql, name }: Variant): Promise<{ active: number, completed: number }> {
  const [row] = await sql<{ active: number, completed: number, failed: number }[]>`
    select count(*) filter (where status in ('pending', 'running'))::int as active,
      count(*) filter (where status = 'completed')::int as completed,
      count(*) filter (where status = 'failed')::int as failed
    from workflow.workflow_runs`
  if (row!.failed) throw new Error(`${row!.failed} runs of the ${name} variant failed.`)
  return row!
}

async function readTimes({ sql }: Variant, startedAt: Date): Promise<Omit<Round, 'rate'>> {
  const rows = await sql<{ stepGap: number | null, startDelay: number | null, stepTime: number }[]>`
    select extract(epoch from step.started_at - lag(step.completed_at) over run)::float8 * 1000 as "stepGap",
      case when row_number() over run = 1
        then extract(epoch from step.started_at - execution.created_at)::float8 * 1000
      end as "startDelay",
      extract(epoch from execution.completed_at - execution.created_at)::float8 * 1000 / 5 as "stepTime"
    from workflow.workflow_steps step join workflow.workflow_runs execution on execution.id = step.run_id
    where execution.status = 'completed' and execution.created_at >= ${startedAt.toISOString()}::timestamp
    window run as (partition by step.run_id order by step.started_at)`
  const present = (values: (number | null)[]) => values.filter(value => value !== null)
  return {
    stepGaps: present(rows.map(row => row.stepGap)),
    startDelays: present(rows.map(row => row.startDelay)),
    stepTimes: rows.map(row => row.stepTime),
  }
}
