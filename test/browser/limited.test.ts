import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Dashboard, startDashboard } from './support/browser.ts'
import { courseStatus, stepRow } from './support/course.ts'

let dashboard: Dashboard
beforeAll(async () => {
  dashboard = await startDashboard({ env: { GITHUB_LIMITS: 'content=4/15' } })
})
afterAll(() => dashboard?.close())

it('A course that waits for a rate limit says for which, how much is left, and when it will be done', async () => {
  const page = await dashboard.openCourse({
    name: 'Patient Lab', semester: 'Winter 2026', type: 'LABORATORY',
    labGroups: [{ name: 'Alpha', number: 1 }, { name: 'Beta', number: 2 }],
  })
  const panel = page.getByRole('region', { name: 'GitHub allows 4 new things in 15 s' })
  await panel.getByText(/About \d left, done at about \d\d:\d\d\. It goes on by itself\./).waitFor()
  const doneAt = Date.parse(await panel.locator('time').getAttribute('datetime') ?? '')
  expect(doneAt - Date.now()).toBeGreaterThan(-5_000)
  expect(doneAt - Date.now()).toBeLessThan(40_000)
  await stepRow(page, 'SEED_GROUP_CONTENT').getByText(/goes on (in \d+ s|now)/).first().waitFor()
  await courseStatus(page, 'completed', 60_000)
  await panel.waitFor({ state: 'detached' })
})
