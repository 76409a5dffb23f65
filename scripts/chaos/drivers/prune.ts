import pLimit from 'p-limit'
import type { RunSummary } from '../../../shared/schemas/run.ts'
import type { ChaosClient } from '../client.ts'
import type { Driver, Finding, Scenario, ScenarioContext } from '../scenario.ts'

/** The bearer token of the scheduler. */
export const CRON_SECRET = 'chaos-cron-secret-0123456789abcdef'

/** Runs one tick at a time: a tick during another tick's run starts no run. */
const serial = pLimit(1)

/** Makes the prune schedule due, and calls its endpoint on two servers concurrently. */
export const prune: Driver = {
  weight: 1,
  createScenario: ({ n }) => tickScenario(`prune-${n}`),
}

function tickScenario(name: string): Scenario {
  const findings: Finding[] = []
  let runs: RunSummary[] = []

  const readRuns = async (client: ChaosClient) =>
    runs = (await client.get<{ items: RunSummary[] }>('/api/runs?workflow=prune&pageSize=100')).items

  async function tick({ client, database }: ScenarioContext): Promise<void> {
    const before = (await readRuns(client)).length
    let ticks = 0
    // Resets the schedule, as if its last tick had never started. A lost response repeats the reset.
    await client.poll(() => {
      ticks++
      return database.query(sql => sql`
        insert into schedules (workflow, tick) values ('prune', '2000-01-01')
        on conflict (workflow) do update set tick = excluded.tick`).catch(() => undefined)
    })
    const callSchedule = () => client.call('GET', '/scheduled/prune', { bearer: CRON_SECRET })
    await Promise.all([callSchedule(), callSchedule()])
    await client.poll(async () => {
      const hasNewRun = (await readRuns(client)).length > before
      return hasNewRun && runs.every(({ status }) => status === 'completed' || status === 'failed') ? true : undefined
    })
    const newRuns = runs.slice(0, runs.length - before)
    if (newRuns.length > ticks) findings.push({ kind: 'doubled', what: `${ticks} ticks started ${newRuns.length} runs` })
    for (const { id, error } of newRuns.filter(({ status }) => status === 'failed')) {
      findings.push({ kind: 'failed', what: `${id}: ${JSON.stringify(error)}` })
    }
  }

  return {
    name,
    parameters: 'a tick',
    faults: [],
    run: context => serial(() => tick(context)),
    describe: () => JSON.stringify(runs[0]),
    runCount: () => 1,
    attempts: () => new Map(),
    verify: () => Promise.resolve({ findings, expectedIds: [] }),
  }
}
