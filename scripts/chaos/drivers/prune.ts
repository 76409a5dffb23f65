import pLimit from 'p-limit'
import type { RunSummary } from '../../../shared/schemas/run.ts'
import type { ChaosClient } from '../client.ts'
import type { Driver, Finding, Order, World } from '../order.ts'

/** What the scheduler shows at the door of scheduled jobs. */
export const CRON_SECRET = 'chaos-cron-secret-0123456789abcdef'

/** One tick after the other: a tick that comes while the run of the last one is under way has no run of its own. */
const turns = pLimit(1)

/** Makes the time come at which records are pruned, and calls the door of scheduled jobs from two sides. */
export const prune: Driver = {
  weight: 1,
  order: ({ n }) => tickOrder(`prune-${n}`),
}

function tickOrder(name: string): Order {
  const findings: Finding[] = []
  let seen: RunSummary[] = []

  const look = async (client: ChaosClient) =>
    seen = (await client.get<{ items: RunSummary[] }>('/api/runs?workflow=prune&pageSize=100')).items

  async function tick({ client, database }: World): Promise<void> {
    const before = (await look(client)).length
    let times = 0
    // As if the last tick had not been started. When the answer is lost, it may come twice.
    await client.until(() => {
      times++
      return database.ask(sql => sql`
        insert into schedules (workflow, tick) values ('prune', '2000-01-01') on conflict (workflow) do update set tick = excluded.tick`).catch(() => undefined)
    })
    const knock = () => client.call('GET', '/scheduled/prune', { bearer: CRON_SECRET })
    await Promise.all([knock(), knock()])
    await client.until(async () => (await look(client)).length > before && seen.every(({ status }) => status === 'completed' || status === 'failed') ? true : undefined)
    if (seen.length > before + times) findings.push({ kind: 'doubled', what: `${times} ticks had ${seen.length - before} runs` })
    for (const { id, error } of seen.slice(0, seen.length - before).filter(({ status }) => status === 'failed')) findings.push({ kind: 'failed', what: `${id}: ${JSON.stringify(error)}` })
  }

  return {
    name,
    asked: 'a tick',
    faults: [],
    carryOut: world => turns(() => tick(world)),
    state: () => JSON.stringify(seen[0]),
    runs: () => 1,
    attempts: () => new Map(),
    compare: () => Promise.resolve({ findings, accounted: [] }),
  }
}
