import { describe, expect, it } from 'vitest'
import { useDashboard } from './support/browser.ts'
import { courseStatus, patiently, stepRow } from './support/course.ts'

const lecture = (name: string) => ({ name, semester: 'Winter 2026', type: 'LECTURE' })

describe('a course that has to wait', () => {
  const dashboard = useDashboard({ env: { GITHUB_LIMITS: 'content=4/15', ACTIVE_RUNS_EACH: '1', QUEUED_RUNS_EACH: '2' } })

  it('names the rate limit, what is left and the end; behind others its place; what is too much is refused for now', async () => {
    const page = await dashboard.openCourse({
      name: 'Patient Lab', semester: 'Winter 2026', type: 'LABORATORY',
      labGroups: [{ name: 'Alpha', number: 1 }, { name: 'Beta', number: 2 }],
    })
    const panel = page.getByRole('region', { name: 'GitHub allows 4 new resources in 15 s' })
    await panel.getByText(/About \d resources? left, expected by \d\d:\d\d\. The run continues by itself\./).waitFor()
    const doneAt = Date.parse(await panel.locator('time').getAttribute('datetime') ?? '')
    expect(doneAt - Date.now()).toBeGreaterThan(-5_000)
    expect(doneAt - Date.now()).toBeLessThan(40_000)
    await stepRow(page, 'SEED_GROUP_CONTENT').getByText(/continues (in \d+ s|now)/).first().waitFor()

    const next = (await dashboard.api.createCourse(lecture('Next'))).body
    const queued = await dashboard.openCourse(lecture('After the Next'))
    await queued.getByText('Queued: 1 run starts before this one.').waitFor()
    const form = await dashboard.open('/courses/new')
    await form.getByRole('radio', { name: 'Lecture' }).click()
    await form.getByLabel('Name', { exact: true }).fill('Too Much')
    await form.getByLabel('Semester').fill('Winter 2026')
    const send = form.getByRole('button', { name: 'Create course' })
    await send.click()
    await form.getByRole('alert').getByText(/What to do: Wait \d+ s and send the same request again; nothing was done\./).waitFor()
    await dashboard.api.call('POST', `/api/runs/${next.run.id}/cancel`, { body: {} })
    await queued.getByText('Queued: this run starts next.').waitFor()
    await expect.poll(async () => {
      // A refusal is remembered for a moment; once it went through the button is gone.
      await send.click({ timeout: 500 }).catch(() => undefined)
      return form.getByRole('heading', { name: 'Too Much' }).isVisible()
    }, patiently).toBe(true)

    await courseStatus(page, 'completed', 60_000)
    await panel.waitFor({ state: 'detached' })
  })
})
