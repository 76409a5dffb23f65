import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startAtelier, type Atelier } from '../support/atelier.ts'

describe('courses', () => {
  let atelier: Atelier
  beforeAll(async () => {
    atelier = await startAtelier()
  })
  afterAll(() => atelier.close())

  it('provisions a lecture', async () => {
    const created = await atelier.api.createCourse({ name: 'Introduction to Computer Science', semester: '2026-spring', type: 'LECTURE' })
    expect(created.status).toBe(202)
    const course = await atelier.api.reached(created.body.id, 'COMPLETED')
    expect(course.run.steps.map(({ name, status, attempts }) => [name, status, attempts])).toEqual([
      ['CREATE_DISCORD_SERVER', 'completed', 1],
      ['CREATE_DISCORD_CHANNELS', 'completed', 1],
      ['CREATE_GITHUB_REPO', 'completed', 1],
      ['APPLY_BRANCH_PROTECTION', 'completed', 1],
      ['SEED_GITHUB_CONTENT', 'completed', 1],
    ])
  })

  it('provisions a laboratory', async () => {
    const created = await atelier.api.createCourse({ name: 'Software Engineering Lab', semester: '2026-spring', type: 'LABORATORY', labGroups: [{ name: 'Alpha', number: 1 }, { name: 'Beta', number: 2 }, { name: 'Gamma', number: 3 }] })
    expect(created.status).toBe(202)
    await atelier.api.reached(created.body.id, 'COMPLETED')
    const resources = await atelier.api.resources(created.body.id)
    console.log(resources.map(r => `${r.type} ${r.key} ${r.name} ${r.url}`).join('\n'))
    console.log(JSON.stringify(await atelier.discord.state(), null, 1).slice(0, 3000))
  })
})
