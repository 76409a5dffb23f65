import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { lecture } from '../support/courses.ts'
import { violations } from './support/axe.ts'
import { useDashboard } from './support/browser.ts'

describe('the audit page', () => {
  const dashboard = useDashboard()

  it('shows both halves, keeps its filters in the address, and leads from an action to its run', async () => {
    const { body: { id, run } } = await dashboard.api.createCourse(lecture('Audited'), { 'x-request-id': 'shown-1' })
    await dashboard.api.reached(id, 'COMPLETED')
    const page = await dashboard.open('/audit')
    await page.getByRole('listitem').filter({ hasText: 'GitHub: create repo' }).getByText('shown-1').first().waitFor()
    await page.getByRole('tab', { name: 'Actions here' }).click()
    const row = page.locator('[data-action=createCourse]')
    await row.getByText('Owner (owner) from').waitFor()
    expect(await row.innerText()).toContain('shown-1')
    await page.getByLabel('Filter by action').selectOption({ label: 'Create course' })
    await page.getByLabel('Filter by result').selectOption({ label: 'Refused' })
    await page.getByText('No action matches').waitFor()
    expect(new URL(page.url()).search).toBe('?tab=actions&action=createCourse&result=REFUSED')
    await page.reload()
    await page.getByText('No action matches').waitFor()
    await page.getByLabel('Filter by result').selectOption({ label: 'Done and refused' })
    await row.getByRole('link', { name: /^Run / }).click()
    await page.waitForURL(`**/runs/${run.id}`)
    await page.getByText('Request shown-1').waitFor()
  })

  it('exports what its filters show', async () => {
    await dashboard.api.call('POST', '/api/projects', { body: { name: 'refused' } })
    const page = await dashboard.open('/audit?tab=actions&action=createProject')
    await page.locator('[data-action=createProject]').waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'), page.getByRole('link', { name: 'Export CSV' }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^atelier-actions-.*\.csv$/)
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n')
    expect(lines).toHaveLength(2)
    expect(lines[1]).toContain('createProject')
  })

  it('fits a phone, is accessible in light and dark, and works by keyboard', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await dashboard.open('/audit?tab=actions', { viewport: { width: 375, height: 800 }, colorScheme })
      await page.locator('[data-action]').first().waitFor()
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375)
      expect(await violations(page)).toEqual([])
      await page.getByRole('tab', { name: 'Actions here' }).focus()
      await page.keyboard.press('ArrowLeft')
      await page.getByRole('region', { name: 'List of outside calls' }).waitFor()
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375)
      expect(await violations(page)).toEqual([])
    }
  })

  it('shows a viewer the outside calls alone', async () => {
    const apiKey = await dashboard.api.createKey('A viewer', 'viewer')
    const page = await dashboard.open('/audit?tab=actions', { apiKey })
    await page.getByRole('region', { name: 'List of outside calls' }).waitFor()
    expect(await page.getByRole('tab').count()).toBe(1)
    expect(await page.getByRole('group', { name: 'Export' }).count()).toBe(0)
  })
})
