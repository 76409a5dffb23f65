import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { violations } from './support/axe.ts'
import { picture, useDashboard } from './support/browser.ts'
import { courseStatus, stepRow, watchForReload } from './support/course.ts'

describe('cancelling a course', () => {
  const dashboard = useDashboard()

  const laboratory = (name: string) =>
    ({ name, semester: 'Winter 2026', type: 'LABORATORY', labGroups: [{ name: 'Alpha', number: 1 }, { name: 'Beta', number: 2 }] })
  const holdSeed = () =>
    dashboard.github.fault({ operation: 'git/create-commit', subject: '/group-2/', when: 'before', action: 'hold', times: 99 })

  it('asks first, rolls back on request, and shows the rollback live, by keyboard alone', async () => {
    const held = await holdSeed()
    const page = await dashboard.openCourse(laboratory('Cancelled Lab'), { reducedMotion: 'reduce' })
    const reloaded = await watchForReload(page)
    await stepRow(page, 'CREATE_GROUP_REPOS').getByText('2/2').waitFor()
    const keys = page.keyboard
    const button = page.getByRole('button', { name: 'Cancel and roll back' })
    await button.focus()
    await keys.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Cancel and roll back this run?' })
    await dialog.waitFor()
    await keys.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect((await dashboard.api.course(new URL(page.url()).pathname.split('/').at(-1)!)).status).toBe('IN_PROGRESS')

    await button.and(page.locator(':focus')).waitFor()
    await keys.press('Enter')
    const removable = dialog.getByRole('region', { name: 'Resources to remove' })
    await removable.getByRole('link', { name: 'cancelled-lab-winter-2026-group-1' }).first().waitFor()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await violations(page, { within: '[role=dialog]' }), colorScheme).toEqual([])
      await picture(page, `cancel-${colorScheme}`)
    }
    await dialog.getByRole('button', { name: 'Cancel and roll back' }).focus()
    await keys.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await courseStatus(page, 'cancelled')
    await dashboard.github.removeFault(held)
    const panel = page.getByRole('region', { name: 'This run was cancelled' })
    await panel.getByText('The rollback removed the resources that it created.').waitFor()
    await stepRow(page, 'REMOVE_REPOS').getByText('2/2').waitFor()
    await page.getByRole('tabpanel').getByText('cancelled-lab-winter-2026-group-1').first().waitFor({ state: 'detached' })
    expect(await violations(page)).toEqual([])
    expect(await reloaded()).toBe(false)

    await page.getByRole('button', { name: 'Retry' }).click()
    await courseStatus(page, 'completed')
    expect(await page.getByRole('button', { name: 'Cancel' }).count()).toBe(0)
  })

  it('keeps the resources otherwise, also from the page of the run; a viewer cannot cancel', async () => {
    const held = await holdSeed()
    const { body: course } = await dashboard.api.createCourse(laboratory('Kept Lab'))
    const apiKey = await dashboard.api.createKey('Watcher', 'viewer')
    const viewer = await dashboard.open(`/runs/${course.run.id}`, { apiKey })
    await viewer.getByRole('heading', { name: 'Provision a course' }).waitFor()
    expect(await viewer.getByRole('button', { name: 'Cancel' }).count()).toBe(0)
    const page = await dashboard.open(`/runs/${course.run.id}`)
    await page.getByRole('button', { name: 'Cancel', exact: true }).click()
    await page.getByRole('button', { name: 'Cancel run' }).click()
    await courseStatusOfRun(page, 'cancelled')
    await dashboard.github.removeFault(held)
    expect((await dashboard.api.course(course.id)).rollback).toBeNull()
  })

  const courseStatusOfRun = (page: Page, status: string) => page.locator(`[data-status="${status}"]`).first().waitFor()
})
