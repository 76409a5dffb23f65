import { expect, it } from 'vitest'
import { laboratory, lecture } from '../support/courses.ts'
import { repos } from '../support/outside.ts'
import { useAtelier } from '../support/use-atelier.ts'

const atelier = useAtelier()
const free = () => atelier.github.settings({ plan: 'free' })

it('a free organization leaves the protection out, says why, and completes the course with a warning', async () => {
  await free()
  const { body: { id } } = await atelier.api.createCourse(lecture('Free'))
  const course = await atelier.api.reached(id, 'COMPLETED')
  const [warning, ...more] = course.warnings
  expect(more).toEqual([])
  expect(warning).toMatchObject({
    step: 'APPLY_BRANCH_PROTECTION', item: 'main', code: 'FEATURE_UNAVAILABLE',
    why: expect.stringContaining('paid plans'), fix: expect.stringContaining('Upgrade'),
  })
  const report = await atelier.api.status(id)
  expect(report.steps.find(({ stepName }) => stepName === 'APPLY_BRANCH_PROTECTION'))
    .toMatchObject({ status: 'SKIPPED', attempts: 1, errorMsg: expect.stringContaining('Upgrade') })
  expect(report.steps.find(({ stepName }) => stepName === 'SEED_GITHUB_CONTENT')).toMatchObject({ status: 'COMPLETED' })
  expect((await repos(atelier)).get('free-2026')!.branches.main!.protection).toBeNull()
  expect((await atelier.api.resources(id)).map(({ type }) => type)).not.toContain('BRANCH_PROTECTION')
  const { body: { items } } = await atelier.api.call<{ items: { id: string, warnings: number }[] }>('GET', '/api/courses')
  expect(items.find(item => item.id === id)!.warnings).toBe(1)
})

it('warns for each group, and a retry for another reason protects what can be protected by then', async () => {
  await free()
  const fault = await atelier.github.fault({
    operation: 'git/create-tree', subject: 'atelier/upgraded-2026-group-1', when: 'before', action: 'status', status: 403,
  })
  const { body: { id } } = await atelier.api.createCourse(laboratory('Upgraded', 2))
  const failed = await atelier.api.reached(id, 'FAILED')
  expect(failed.warnings.map(({ item }) => item)).toEqual(['group-1', 'group-2'])
  expect(failed.run.steps[4]).toMatchObject({ name: 'APPLY_GROUP_BRANCH_PROTECTIONS', status: 'skipped', done: 2, total: 2 })
  await atelier.github.removeFault(fault)
  await atelier.github.settings({ plan: 'team' })
  await atelier.api.call('POST', `/api/courses/${id}/retry`)
  expect((await atelier.api.reached(id, 'COMPLETED')).warnings).toEqual([])
  expect((await repos(atelier)).get('upgraded-2026-group-2')!.branches.main!.protection).not.toBeNull()
})
