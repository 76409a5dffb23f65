import { describe, expect, it } from 'vitest'
import { killAtEveryCall } from '../support/kill-at-every-call.ts'
import { useAtelier } from '../support/use-atelier.ts'
import { expectExactlyOnce } from './exactly-once.ts'
import { seenMutations } from './mutations.ts'

/** Every type of resource there is, with two concurrent groups. */
const combined = (name: string) => ({
  name, semester: 'Chaos', type: 'COMBINED', labGroups: [1, 2].map(number => ({ name: `Group ${number}`, number })),
})

const atelier = useAtelier()

describe('a lecture with two groups', () => {
  it('is made exactly once though the server is killed before and after every outside mutation', async () => {
    const rehearsal = await atelier.api.createCourse(combined('Rehearsal'))
    await atelier.api.reached(rehearsal.body.id, 'COMPLETED')
    const slug = (text: string) => text.replaceAll('rehearsal-chaos', 'killed-chaos').replaceAll('Rehearsal', 'Killed')
    const mutations = (await seenMutations(atelier)).map(mutation => ({ ...mutation, subject: slug(mutation.subject) }))
    expect(mutations.length).toBeGreaterThanOrEqual(10)
    await Promise.all([atelier.github.clearCalls(), atelier.discord.clearCalls()])

    let id = ''
    const kills = await killAtEveryCall(atelier, mutations, async () => {
      id = (await atelier.api.createCourse(combined('Killed'))).body.id
    })
    const finished = await atelier.api.reached(id, 'COMPLETED')
    console.log(`${kills} kills at ${mutations.length} mutations`)
    const { body: failed } = await atelier.api.call('GET', `/api/audit?runId=${finished.run.id}&result=FAILURE&pageSize=100`)
    expect(finished.run.steps.map(step => step.attempts), JSON.stringify(failed)).toEqual(finished.run.steps.map(() => 1))
    await expectExactlyOnce(atelier, finished)
  })
})
