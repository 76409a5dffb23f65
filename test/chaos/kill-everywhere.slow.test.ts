import { describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'
import { expectExactlyOnce } from './exactly-once.ts'
import { hold, keyOf, seenMutations } from './mutations.ts'

/** Every type of resource there is, with two concurrent groups. */
const combined = (name: string) => ({ name, semester: 'Chaos', type: 'COMBINED', labGroups: [1, 2].map(number => ({ name: `Group ${number}`, number })) })

const atelier = useAtelier()

/**
 * Holds every mutation of a course until its turn. At each turn the server is killed twice:
 * while the call has not taken effect yet, and when it has but the answer never came.
 */
describe('a lecture with two groups', () => {
  it('is made exactly once though the server is killed before and after every outside mutation', async () => {
    const rehearsal = await atelier.api.createCourse(combined('Rehearsal'))
    await atelier.api.reached(rehearsal.body.id, 'COMPLETED')
    const slug = (text: string) => text.replaceAll('rehearsal-chaos', 'killed-chaos').replaceAll('Rehearsal', 'Killed')
    const mutations = (await seenMutations(atelier)).map(mutation => ({ ...mutation, subject: slug(mutation.subject) }))
    expect(mutations.length).toBeGreaterThanOrEqual(10)
    await Promise.all([atelier.github.clearCalls(), atelier.discord.clearCalls()])

    const held = new Map(await Promise.all(mutations.map(async mutation => [keyOf(mutation), { mutation, ...await hold(atelier, mutation, 'before') }] as const)))
    const { body: { id } } = await atelier.api.createCourse(combined('Killed'))
    let kills = 0
    while (held.size) {
      const [key, before] = await until(async () => {
        for (const entry of held) if (await entry[1].reached()) return entry
      }, { what: () => `one of ${[...held.keys()].join(', ')}\n${atelier.server.output()}` })
      await atelier.server.kill()
      const after = await hold(atelier, before.mutation, 'after')
      await before.release()
      held.delete(key)
      await atelier.server.start()
      await until(after.reached, { what: () => `${key} after its effect\n${atelier.server.output()}` })
      await atelier.server.kill()
      await after.release()
      await atelier.server.start()
      kills += 2
    }
    const finished = await atelier.api.reached(id, 'COMPLETED')
    console.log(`${kills} kills at ${mutations.length} mutations`)
    const { body: failed } = await atelier.api.call('GET', `/api/audit?runId=${finished.run.id}&result=FAILURE&pageSize=100`)
    expect(finished.run.steps.map(step => step.attempts), JSON.stringify(failed)).toEqual(finished.run.steps.map(() => 1))
    await expectExactlyOnce(atelier, finished)
  })
})
