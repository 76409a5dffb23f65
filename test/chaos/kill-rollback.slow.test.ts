import { expect, it } from 'vitest'
import type { Run, RunSummary } from '../../shared/schemas/run.ts'
import { laboratory } from '../support/courses.ts'
import { killAtEveryCall } from '../support/kill-at-every-call.ts'
import { guild, outsideCalls, repos } from '../support/outside.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'
import { hold, type Mutation } from './mutations.ts'

const atelier = useAtelier()

const REPO = 'killed-2026-group-1'
const deletions: Mutation[] = [
  { at: 'github', operation: 'repos/delete', subject: `atelier/${REPO}` },
  { at: 'discord', operation: 'delete_channel', subject: 'group-1-team-1' },
  { at: 'discord', operation: 'delete_guild_role', subject: 'killed-2026 · 1 Team 1' },
  { at: 'discord', operation: 'delete_channel', subject: 'Killed · 2026' },
]

it('what a cancelled run made is removed exactly once though the server is killed after the cancel and around every removal', async () => {
  const made = await hold(atelier, { at: 'github', operation: 'repos/create-in-org', subject: REPO }, 'after')
  const { body: { id, run } } = await atelier.api.createCourse(laboratory('Killed', 1))
  await until(made.reached)
  await until(async () => {
    const { steps } = (await atelier.api.course(id)).run
    return steps.find(({ name }) => name === 'CREATE_GROUP_CHANNELS')?.status === 'completed'
  })
  let rollbackId = ''
  const kills = 1 + await killAtEveryCall(atelier, deletions, async () => {
    const { status, body } = await atelier.api.call<Run & { rolledBackBy: RunSummary }>(
      'POST', `/api/runs/${run.id}/cancel`, { body: { rollback: true } },
    )
    expect(status).toBe(202)
    rollbackId = body.rolledBackBy.id
    // The repository is there, and nobody has heard so; the run that rolls it back is recorded, and perhaps not more.
    await atelier.server.kill()
    await made.release()
    await atelier.server.start()
  })
  const rolledBack = await until(async () => {
    const run = (await atelier.api.call<Run>('GET', `/api/runs/${rollbackId}`)).body
    return ['completed', 'failed'].includes(run.status) ? run : undefined
  })
  console.log(`${kills} kills at ${deletions.length} removals`)
  expect(rolledBack).toMatchObject({ status: 'completed', error: null })
  expect(rolledBack.steps.map(({ attempts }) => attempts)).toEqual(rolledBack.steps.map(() => 1))
  const effects = (await outsideCalls(atelier)).filter(({ method, effect }) => method === 'DELETE' && effect)
  const told = ({ operation, subject }: Pick<Mutation, 'operation' | 'subject'>) => `${operation} ${subject}`
  expect(effects.map(told).sort()).toEqual(deletions.map(told).sort())
  const { channels, roles } = await guild(atelier)
  const left = [...(await repos(atelier)).keys(), ...[...channels, ...roles].map(({ name }) => name)]
  expect(left.filter(name => /killed|team/i.test(name!))).toEqual([])
})
