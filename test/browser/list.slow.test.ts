import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { useDashboard } from './support/browser.ts'
import { patiently, watchForReload } from './support/course.ts'

describe('the list of courses', () => {
  const dashboard = useDashboard()

  const rows = (page: Page) => page.getByRole('region', { name: 'List of courses' }).getByRole('listitem')
  const tile = (page: Page, label: string) =>
    page.getByRole('list', { name: 'Courses by status' }).getByRole('link').filter({ hasText: label }).locator('.tabular-nums')
  const lecture = (name: string) => ({ name, semester: 'Winter 2026', type: 'LECTURE' })

  it('leads from nothing to the first course', async () => {
    const page = await dashboard.open('/')
    await page.getByText('No courses yet').waitFor()
    await page.getByRole('region').getByRole('link', { name: 'New course' }).click()
    await page.getByRole('heading', { name: 'New course' }).waitFor()
  })

  it('shows what others do, without a reload', async () => {
    const page = await dashboard.open('/')
    await page.getByText('No courses yet').waitFor()
    const reloaded = await watchForReload(page)
    const held = await dashboard.github.fault({ operation: 'repos/create-in-org', when: 'before', action: 'hold', times: 99 })
    await dashboard.api.createCourse(lecture('Live Course'))
    const row = rows(page).filter({ hasText: 'Live Course' })
    await row.locator('[data-status=in_progress]').waitFor()
    await expect.poll(() => tile(page, 'running').innerText(), patiently).toBe('1')
    await dashboard.github.removeFault(held)
    await row.locator('[data-status=completed]').waitFor()
    await row.getByText('8/8').waitFor()
    await expect.poll(() => tile(page, 'running').innerText(), patiently).toBe('0')
    expect(await reloaded()).toBe(false)
  })

  it('filters by status and keeps the filter in the address', async () => {
    const fault = await dashboard.github.fault({
      operation: 'repos/create-in-org', subject: '/broken/', when: 'before',
      action: 'status', status: 403, body: { message: 'Forbidden' }, times: 99,
    })
    const { body: broken } = await dashboard.api.createCourse(lecture('Broken Course'))
    await dashboard.api.reached(broken.id, 'FAILED')
    await dashboard.github.removeFault(fault)
    const page = await dashboard.open('/')
    await expect.poll(() => rows(page).count(), patiently).toBe(2)
    await page.getByRole('group', { name: 'Filter by status' }).getByRole('button', { name: 'Failed' }).click()
    await expect.poll(() => rows(page).count(), patiently).toBe(1)
    await rows(page).getByText('Broken Course').waitFor()
    await page.reload()
    await rows(page).getByText('Broken Course').waitFor()
    expect(await rows(page).count()).toBe(1)
    await page.getByRole('button', { name: 'Waiting' }).click()
    await page.getByText('No course is waiting').waitFor()
    await page.getByRole('button', { name: 'Show all courses' }).click()
    await expect.poll(() => rows(page).count(), patiently).toBe(2)
    await tile(page, 'failed').click()
    await expect.poll(() => rows(page).count(), patiently).toBe(1)
  })

  it('has pages', async () => {
    // What becomes of them is not asked here.
    for (const service of [dashboard.github, dashboard.discord]) await service.fault({ when: 'before', action: 'hold', times: 1000 })
    // A busy machine refuses some with 429, and then they are asked for again.
    const create = async (i: number) => (await dashboard.api.createCourse(lecture(`Course ${i}`))).status
    for (let i = 0; i < 20; i++) await expect.poll(() => create(i), patiently).toBe(202)
    const page = await dashboard.open('/')
    await expect.poll(() => rows(page).count(), patiently).toBe(20)
    const pager = page.getByRole('navigation', { name: 'Pages of courses' })
    await pager.getByText('Page 1 of 2').waitFor()
    await pager.getByRole('button', { name: 'Older' }).click()
    await rows(page).getByText('Live Course').waitFor()
    expect(await rows(page).count()).toBe(2)
    await page.reload()
    await pager.getByText('Page 2 of 2').waitFor()
    await pager.getByRole('button', { name: 'Newer' }).click()
    await expect.poll(() => rows(page).count(), patiently).toBe(20)
  })
})
