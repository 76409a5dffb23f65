import { setTimeout as wait } from 'node:timers/promises'
import type { Side } from './side.ts'

const LOOK_MS = 10

/** What a round of runs took, in ms, by the runtime's own records. */
export interface Round {
  /** Runs a second. */
  rate: number
  /** From one step's end to the next one's start. */
  gaps: number[]
  /** From a run's start to its first step's. */
  firsts: number[]
  /** From a run's start to its end, for each of its steps. */
  steps: number[]
}

/** Runs so many workflows, at most `atOnce` at the same time. */
export async function round(side: Side, { runs, atOnce }: { runs: number, atOnce: number }): Promise<Round> {
  await quiet(side)
  const before = await completed(side)
  const begun = new Date(Date.now() - 1)
  const start = performance.now()
  for (let started = 0; started < runs;) {
    const free = Math.min(atOnce - (started - (await completed(side) - before)), runs - started)
    await Promise.all(Array.from({ length: free }, () => side.start()))
    started += free
    if (!free) await wait(LOOK_MS)
  }
  while (await completed(side) - before < runs) await wait(LOOK_MS)
  const rate = runs / ((performance.now() - start) / 1000)
  return { rate, ...await times(side, begun) }
}

async function quiet(side: Side): Promise<void> {
  while ((await runsOf(side)).active) await wait(LOOK_MS)
}

const completed = async (side: Side) => (await runsOf(side)).completed

async function runsOf({ sql, name }: Side): Promise<{ active: number, completed: number }> {
  const [row] = await sql<{ active: number, completed: number, failed: number }[]>`
    select count(*) filter (where status in ('pending', 'running'))::int as active, count(*) filter (where status = 'completed')::int as completed,
      count(*) filter (where status = 'failed')::int as failed
    from workflow.workflow_runs`
  if (row!.failed) throw new Error(`${row!.failed} runs of the ${name} side failed.`)
  return row!
}

async function times({ sql }: Side, begun: Date): Promise<Omit<Round, 'rate'>> {
  const rows = await sql<{ gap: number | null, first: number | null, step: number }[]>`
    select extract(epoch from step.started_at - lag(step.completed_at) over run)::float8 * 1000 as gap,
      case when row_number() over run = 1 then extract(epoch from step.started_at - execution.created_at)::float8 * 1000 end as first,
      extract(epoch from execution.completed_at - execution.created_at)::float8 * 1000 / 5 as step
    from workflow.workflow_steps step join workflow.workflow_runs execution on execution.id = step.run_id
    where execution.status = 'completed' and execution.created_at >= ${begun.toISOString()}::timestamp
    window run as (partition by step.run_id order by step.started_at)`
  const present = (values: (number | null)[]) => values.filter(value => value !== null)
  return { gaps: present(rows.map(row => row.gap)), firsts: present(rows.map(row => row.first)), steps: rows.map(row => row.step) }
}
