import { beforeAll, expect, it } from 'vitest'
import { lecture } from '../support/courses.ts'
import { type Replica, prepareReplica } from '../support/replicas.ts'
import { withDatabase } from '../support/sql.ts'
import { useStack } from '../support/stack.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'
import { expectExactlyOnce, expectNoAttemptSpent } from './exactly-once.ts'

/** More of them give figures: `KILLS=20 npx vitest run test/chaos/recovery.slow.test.ts`. */
const KILLS = Number(process.env.KILLS ?? 3)
const PROMISED_MS = 10_000
/** As many as a process has by default. */
const WORKERS = 10

const atelier = useAtelier()
const stack = useStack()
let fleet: Replica[] = []
/** Servers by the id that their process has in the database. */
const byId = new Map<string, Replica>()
beforeAll(async () => {
  fleet = [atelier, await prepareReplica(atelier, stack), await prepareReplica(atelier, stack)]
  await note(atelier)
  for (const one of fleet.slice(1)) await start(one)
})

async function start(one: Replica): Promise<void> {
  await one.server.start()
  await note(one)
}

/** Servers start one after the other here, so the youngest process is that of the last one. */
const note = (one: Replica) => withDatabase(atelier.databaseUrl, async (sql) => {
  const [youngest] = await sql<{ id: string }[]>`select id from processes order by created_at desc limit 1`
  byId.set(youngest!.id, one)
})

/** The server that has a call out which makes a repository. */
const atWork = () => withDatabase(atelier.databaseUrl, async (sql) => {
  const [lease] = await sql<{ holder: string }[]>`
    select lease_holder as holder from external_resources where type = 'REPO' and intended_at is not null and made_at is null`
  return lease && byId.get(lease.holder)
})

it('every process records its worker ids, by which the jobs of a dead process are found', async () => {
  let workers: number[] = []
  await until(async () => {
    const rows = await withDatabase(atelier.databaseUrl, sql => sql<{ workers: number }[]>`
      select cardinality(worker_ids) as workers from processes`)
    workers = rows.map(row => row.workers)
    return workers.length === 3 && workers.every(count => count >= WORKERS)
  }, { what: () => `every worker to ask for its first job, ${workers.join(', ')} did` })
  expect(workers).toEqual([WORKERS, WORKERS, WORKERS])
})

it('a survivor continues the work of a killed process within ten seconds, while no process starts', {
  timeout: 60_000 * KILLS,
}, async () => {
  const recoveries: number[] = []
  for (let kill = 0; kill < KILLS; kill++) {
    const held = await atelier.github.fault({ operation: 'repos/create-in-org', when: 'before', action: 'hold', times: 1_000 })
    const { body: { id } } = await fleet[kill % fleet.length]!.api.createCourse(lecture(`Recovery ${kill}`))
    await atelier.github.reached(held)
    const victim = await until(atWork, { what: () => 'the server at work' })
    const before = await atelier.github.reached(held)
    const killed = performance.now()
    await victim.server.kill()
    await until(async () => await atelier.github.reached(held) > before, { what: () => 'the call to be made again' })
    recoveries.push(performance.now() - killed)
    await atelier.github.removeFault(held)
    const survivor = fleet.find(one => one !== victim)!
    const course = await survivor.api.reached(id, 'COMPLETED', 60_000)
    await expectExactlyOnce({ ...atelier, api: survivor.api }, course)
    await expectNoAttemptSpent(survivor, course)
    await start(victim)
  }
  recoveries.sort((a, b) => a - b)
  const at = (share: number) => recoveries[Math.ceil(share * KILLS) - 1]!
  console.log(`${KILLS} kills, recovery p50 ${Math.round(at(0.5))} ms, p95 ${Math.round(at(0.95))} ms, max ${Math.round(at(1))} ms`)
  expect(at(0.95)).toBeLessThan(PROMISED_MS)
})
