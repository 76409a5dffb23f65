import { expect, it } from 'vitest'
import type { Run, RunSummary } from '../../shared/schemas/run.ts'
import { laboratory } from '../support/courses.ts'
import { guild, outsideCalls, repos } from '../support/outside.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'
import { hold, keyOf, type Mutation } from './mutations.ts'

const atelier = useAtelier()

const REPO = 'killed-2026-group-1'
const deletions: Mutation[] = [
  { at: 'github', operation: 'repos/delete', subject: `atelier/${REPO}` },
  { at: 'discord', operation: 'delete_channel', subject: 'group-1-team-1' },
  { at: 'discord', operation: 'delete_guild_role', subject: 'killed-2026 · 1 Team 1' },
  { at: 'discord', operation: 'delete_channel', subject: 'Killed · 2026' },
]

it('what a cancelled run made is removed exactly once though the server is killed right after the cancel, and before and after every removal', async () => {
  const made = await hold(atelier, { at: 'github', operation: 'repos/create-in-org', subject: REPO }, 'after')
  const { body: { id, run } } = await atelier.api.createCourse(laboratory('Killed', 1))
  await until(made.reached)
  await until(async () => (await atelier.api.course(id)).run.steps.find(({ name }) => name === 'CREATE_GROUP_CHANNELS')?.status === 'completed')
  const held = new Map(await Promise.all(deletions.map(async deletion => [keyOf(deletion), { deletion, ...await hold(atelier, deletion, 'before') }] as const)))

  const { status, body } = await atelier.api.call<Run & { rolledBackBy: RunSummary }>('POST', `/api/runs/${run.id}/cancel`, { body: { rollback: true } })
  expect(status).toBe(202)
  // The repository is there, and nobody has heard so; the run that rolls it back is recorded, and perhaps not more.
  await atelier.server.kill()
  await made.release()
  await atelier.server.start()
  let kills = 1
  while (held.size) {
    const [key, before] = await until(async () => {
      for (const entry of held) if (await entry[1].reached()) return entry
    }, { what: () => `one of ${[...held.keys()].join(', ')}\n${atelier.server.output().slice(-3_000)}` })
    await atelier.server.kill()
    const after = await hold(atelier, before.deletion, 'after')
    await before.release()
    held.delete(key)
    await atelier.server.start()
    await until(after.reached, { what: () => `${key} after its effect\n${atelier.server.output().slice(-3_000)}` })
    await atelier.server.kill()
    await after.release()
    await atelier.server.start()
    kills += 2
  }
  const rolledBack = await until(async () => {
    const run = (await atelier.api.call<Run>('GET', `/api/runs/${body.rolledBackBy.id}`)).body
    return ['completed', 'failed'].includes(run.status) ? run : undefined
  })
  console.log(`${kills} kills at ${deletions.length} removals`)
  expect(rolledBack).toMatchObject({ status: 'completed', error: null })
  expect(rolledBack.steps.map(({ attempts }) => attempts)).toEqual(rolledBack.steps.map(() => 1))
  const effects = (await outsideCalls(atelier)).filter(({ method, effect }) => method === 'DELETE' && effect)
  expect(effects.map(({ operation, subject }) => `${operation} ${subject}`).sort()).toEqual(deletions.map(({ operation, subject }) => `${operation} ${subject}`).sort())
  const server = await guild(atelier)
  expect([...(await repos(atelier)).keys(), ...server.channels.map(({ name }) => name), ...server.roles.map(({ name }) => name)].filter(name => /killed|team/i.test(name!))).toEqual([])
})
