import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, it, onTestFinished } from 'vitest'
import { createFakeClock, findFaketime } from '../../scripts/lib/faketime.ts'
import { own } from '../../scripts/lib/own.ts'
import { startPostgres } from '../../scripts/lib/postgres.ts'
import { environment } from '../../scripts/lib/postgres/cluster.ts'
import { startAtelier } from '../support/atelier.ts'
import { laboratory } from '../support/courses.ts'
import { createTemplate } from '../support/database.ts'
import { prepareReplica } from '../support/replicas.ts'
import { temporaryFolder } from '../support/stack.ts'
import { expectExactlyOnce } from './exactly-once.ts'

const COURSES = 20

const library = findFaketime()

const absent = library ? '' : ' (skipped: install libfaketime, or name it in LIBFAKETIME)'
describe.skipIf(!library)(`two servers on a PostgreSQL whose clock jumps${absent}`, () => {
  it.each([2, -2])('by %d h and back finish every run', async (hours) => {
    const stack = new AsyncDisposableStack()
    onTestFinished(() => stack.disposeAsync())
    const dataDir = await temporaryFolder(stack, 'database-clock')
    const clock = await createFakeClock(library!, join(dataDir, 'clock'))
    const postgres = await own(stack, () => startWith(clock.env, dataDir), started => started.stop())
    const templateUrl = await createTemplate(postgres.url)
    const atelier = await own(stack, () => startAtelier({ templateUrl }), started => started.close())
    const other = await prepareReplica(atelier, stack)
    await other.server.start()
    const ids: string[] = []
    for (let n = 0; n < COURSES; n++) {
      ids.push((await (n % 2 ? other.api : atelier.api).createCourse(laboratory(`Jump ${n}`, 1))).body.id)
      if (n === 6) await clock.set(hours * 3_600)
      if (n === 13) await clock.set(0)
      await sleep(150)
    }
    for (const id of ids) await expectExactlyOnce(atelier, await atelier.api.reached(id, 'COMPLETED', 90_000))
  })
})

/** Starts a PostgreSQL with further variables: it gets none of ours otherwise. */
async function startWith(env: Record<string, string>, dataDir: string) {
  const before = { ...environment }
  Object.assign(environment, env)
  try {
    return await startPostgres({ dataDir: join(dataDir, 'postgres') })
  }
  finally {
    for (const name of Object.keys(env)) Reflect.deleteProperty(environment, name)
    Object.assign(environment, before)
  }
}
