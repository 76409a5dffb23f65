import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { supervisePostgres, type SupervisedPostgres } from '../../scripts/lib/supervise-postgres.ts'
import { own } from '../../scripts/lib/own.ts'
import { startAtelier, type Atelier } from '../support/atelier.ts'
import { laboratory } from '../support/courses.ts'
import { createTemplate } from '../support/database.ts'
import { withDatabase } from '../support/sql.ts'
import { temporaryFolder, useStack } from '../support/stack.ts'
import { until } from '../support/until.ts'
import { expectExactlyOnce } from './exactly-once.ts'

/** A PostgreSQL of its own, which the launcher's keeper brings back. */
describe('PostgreSQL restarted in the middle of a laboratory of three groups', () => {
  const stack = useStack()
  let postgres: SupervisedPostgres
  let atelier: Atelier
  beforeAll(async () => {
    const dataDir = await temporaryFolder(stack, 'atelier-restart')
    postgres = await own(stack, () => supervisePostgres(dataDir, () => {}), kept => kept.stop())
    const templateUrl = await createTemplate(postgres.url)
    atelier = await own(stack, () => startAtelier({ templateUrl }), started => started.close())
  })
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.log(atelier.server.output().slice(-5_000))
  })

  const startedAt = () => withDatabase(postgres.url, async sql => String((await sql`select pg_postmaster_start_time()::text as at`)[0]!.at))
  const postmaster = () => withDatabase(postgres.url, async (sql) => {
    const [file] = await sql<{ pid: number }[]>`select split_part(pg_read_file('postmaster.pid'), E'\n', 1)::int as pid`
    return file!.pid
  })

  it.each([
    ['before'],
    ['after'],
  ] as const)('while calls are held %s their effect: everything is made exactly once', async (when) => {
    const name = `Held ${when}`
    const faults = await Promise.all([
      atelier.github.fault({ operation: 'repos/create-in-org', subject: `/^held-${when}-2026-group-1$/`, when, action: 'hold' }),
      atelier.github.fault({ operation: 'git/update-ref', subject: `/held-${when}-2026-group-2/`, when, action: 'hold' }),
      atelier.discord.fault({ operation: 'create_guild_role', subject: `/held-${when}-2026 · 3/`, when, action: 'hold' }),
    ])
    const { body: { id } } = await atelier.api.createCourse(laboratory(name, 3))
    await Promise.all([atelier.github.reached(faults[0]), atelier.github.reached(faults[1]), atelier.discord.reached(faults[2])])
    const before = await startedAt()
    process.kill(await postmaster(), 'SIGINT')
    await until(async () => await startedAt() !== before, { patience: 120_000, what: () => 'PostgreSQL to be back' })
    await Promise.all([atelier.github.removeFault(), atelier.discord.removeFault()])
    const course = await atelier.api.reached(id, 'COMPLETED', 120_000)
    await expectExactlyOnce(atelier, course)
    expect(course.run.steps.map(({ attempts }) => attempts)).toEqual(course.run.steps.map(() => 1))
  })

  it('while calls come back that it cannot save: they are found again, not made again', async () => {
    const hold = await atelier.github.fault({
      operation: 'repos/create-in-org', subject: '/^unsaved-2026/', when: 'after', action: 'hold', times: 3,
    })
    const { body: { id } } = await atelier.api.createCourse(laboratory('Unsaved', 3))
    await until(async () => await atelier.github.reached(hold) === 3)
    const before = await startedAt()
    // The answers arrive while nobody can write them down.
    process.kill(await postmaster(), 'SIGQUIT')
    await atelier.github.removeFault(hold)
    await until(async () => await startedAt() !== before, { patience: 120_000, what: () => 'PostgreSQL to be back after its recovery' })
    await expectExactlyOnce(atelier, await atelier.api.reached(id, 'COMPLETED', 120_000))
  })
})
