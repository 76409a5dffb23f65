import { beforeAll, describe, expect, it } from 'vitest'
import { GITHUB_ORG } from '../../emulators/defaults.ts'
import { supervisePostgres, type SupervisedPostgres } from '../../scripts/lib/supervise-postgres.ts'
import { own } from '../../scripts/lib/own.ts'
import type { Run, RunSummary } from '../../shared/schemas/run.ts'
import type { Workspace } from '../../shared/schemas/workspace.ts'
import { startAtelier, type Atelier } from '../support/atelier.ts'
import { laboratory, lecture } from '../support/courses.ts'
import { createTemplate } from '../support/database.ts'
import { prepareReplica } from '../support/replicas.ts'
import { outsideCalls, repos } from '../support/outside.ts'
import { link, newChallenge, projectWith } from '../support/projects.ts'
import { withDatabase } from '../support/sql.ts'
import { temporaryFolder, useStack } from '../support/stack.ts'
import { until } from '../support/until.ts'
import { expectExactlyOnce, expectNoAttemptSpent } from './exactly-once.ts'
import { hold, type Mutation } from './mutations.ts'

/**
 * One kill of every kind. What is killed at every call, at every statement, fifty times
 * or for minutes is in the slow suites beside this one.
 */
describe('killed once', () => {
  const stack = useStack()
  let postgres: SupervisedPostgres
  let atelier: Atelier
  beforeAll(async () => {
    const dataDir = await temporaryFolder(stack)
    postgres = await own(stack, () => supervisePostgres(dataDir, () => {}), kept => kept.stop())
    const templateUrl = await createTemplate(postgres.url)
    atelier = await own(stack, () => startAtelier({ templateUrl }), started => started.close())
  })

  /** Kills the server when that call has taken effect and nobody has heard so, and starts it again. */
  async function killedAfter(mutation: Mutation, ask: () => Promise<unknown>): Promise<void> {
    const held = await hold(atelier, mutation, 'after')
    const asked = ask().catch(() => {
      // The server that was asked is dead.
    })
    await until(held.reached)
    await atelier.server.kill()
    await held.release()
    await atelier.server.start()
    await asked
  }

  /** How often a call that changes something has taken effect. */
  const effects = async ({ operation, subject }: Mutation) =>
    (await outsideCalls(atelier)).filter(call => call.effect && call.operation === operation && call.subject === subject).length

  const runOf = async (id: string) => (await atelier.api.call<Run>('GET', `/api/runs/${id}`)).body

  it('at a call of a course, a server makes everything once', async () => {
    const repo: Mutation = { at: 'github', operation: 'repos/create-in-org', subject: 'course-2026' }
    const { body: { id } } = await atelier.api.createCourse(lecture('Before'))
    await atelier.api.reached(id, 'COMPLETED')
    let made = ''
    await killedAfter(repo, async () => {
      made = (await atelier.api.createCourse(lecture('Course'))).body.id
    })
    const course = await atelier.api.reached(made, 'COMPLETED')
    expect(await effects(repo)).toBe(1)
    await expectExactlyOnce(atelier, course)
    await expectNoAttemptSpent(atelier, course)
  })

  it('at the call of a workspace, a server makes its branch once', async () => {
    const { project, repos: [repo] } = await projectWith(atelier, 'workspace')
    const challenge = await newChallenge(atelier, project, 'Killed', { index: 1 })
    const branch: Mutation = { at: 'github', operation: 'git/create-ref', subject: `${GITHUB_ORG}/workspace#heads/challenge/001-killed` }
    await killedAfter(branch, () => link(atelier, challenge, repo!))
    const { body: { provisioning } } = await link(atelier, challenge, repo!)
    const ready = await until(async () => {
      const { body } = await atelier.api.call<Workspace>('GET', `/api/workspaces/${provisioning.workspace_id}`)
      return body.run?.status === 'completed' ? body : undefined
    })
    expect(ready).toMatchObject({ status: 'ready', observed: { state: 'ready' } })
    expect((await runOf(ready.run!.id)).steps.map(({ attempts }) => attempts)).toEqual([1, 1])
    expect(await effects(branch)).toBe(1)
  })

  it('at a call of a rollback, a server removes everything once', async () => {
    const seed = await hold(atelier, {
      at: 'github', operation: 'git/create-commit', subject: `${GITHUB_ORG}/rollback-2026-group-1`,
    }, 'before')
    const { body: { id, run } } = await atelier.api.createCourse(laboratory('Rollback', 1))
    await until(seed.reached)
    await until(async () =>
      (await atelier.api.course(id)).run.steps.find(({ name }) => name === 'CREATE_GROUP_CHANNELS')?.status === 'completed')
    let rollback = ''
    const deletion: Mutation = { at: 'github', operation: 'repos/delete', subject: `${GITHUB_ORG}/rollback-2026-group-1` }
    await killedAfter(deletion, async () => {
      const { body } = await atelier.api.call<Run & { rolledBackBy: RunSummary }>(
        'POST', `/api/runs/${run.id}/cancel`, { body: { rollback: true } },
      )
      rollback = body.rolledBackBy.id
      await seed.release()
    })
    const ended = await until(async () => {
      const seen = await runOf(rollback)
      return ['completed', 'failed'].includes(seen.status) ? seen : undefined
    })
    expect(ended).toMatchObject({ status: 'completed', error: null })
    expect(ended.steps.map(({ attempts }) => attempts)).toEqual(ended.steps.map(() => 1))
    expect(await effects(deletion)).toBe(1)
    expect([...(await repos(atelier)).keys()].filter(name => name.startsWith('rollback'))).toEqual([])
  })

  it('while an answer is on its way that it should keep, PostgreSQL comes back, and nothing is made twice', async () => {
    const repo: Mutation = { at: 'github', operation: 'repos/create-in-org', subject: 'unsaved-2026' }
    const startedAt = () =>
      withDatabase(postgres.url, async sql => String((await sql`select pg_postmaster_start_time()::text as at`)[0]!.at))
    const [before, held] = [await startedAt(), await hold(atelier, repo, 'after')]
    const { body: { id } } = await atelier.api.createCourse(lecture('Unsaved'))
    await until(held.reached)
    const postmaster = await withDatabase(postgres.url, async sql => Number((await sql`
      select split_part(pg_read_file('postmaster.pid'), E'\n', 1) as pid`)[0]!.pid))
    process.kill(postmaster, 'SIGKILL')
    await held.release()
    await until(async () => await startedAt() !== before, { patience: 60_000, what: () => 'PostgreSQL to be back' })
    const course = await atelier.api.reached(id, 'COMPLETED', 60_000)
    expect(await effects(repo)).toBe(1)
    await expectExactlyOnce(atelier, course)
    expect(course.run.steps.map(({ attempts }) => attempts)).toEqual(course.run.steps.map(() => 1))
  })

  it('beside another server, a server leaves its work to that one, while no process starts', async () => {
    const survivor = await prepareReplica(atelier, stack)
    await survivor.server.start()
    const held = await Promise.all([1, 2].map(n =>
      hold(atelier, { at: 'github', operation: 'repos/create-in-org', subject: `survived-${n}-2026` }, 'before')))
    const created = await Promise.all([atelier, survivor].map(({ api }, index) => api.createCourse(lecture(`Survived ${index + 1}`))))
    await until(async () => (await Promise.all(held.map(({ reached }) => reached()))).every(Boolean))
    await atelier.server.kill()
    await Promise.all(held.map(({ release }) => release()))
    for (const { body: { id } } of created) {
      const course = await survivor.api.reached(id, 'COMPLETED', 60_000)
      await expectExactlyOnce({ ...atelier, api: survivor.api }, course)
      expect(course.run.steps.map(({ attempts }) => attempts)).toEqual(course.run.steps.map(() => 1))
    }
  })
})
