import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { useDashboard } from './support/browser.ts'
import { courseStatus } from './support/course.ts'

describe('the form for a new course', () => {
  const dashboard = useDashboard()

  const courseCount = async () => (await dashboard.api.call<{ total: number }>('GET', '/api/courses')).body.total
  const idOf = (page: Page) => new URL(page.url()).pathname.split('/').at(-1)!
  const groupsOf = async (page: Page) => (await dashboard.api.course(idOf(page))).labGroups.map(({ number, name }) => [number, name])

  async function fillIn(page: Page, name: string) {
    await page.getByLabel('Name', { exact: true }).fill(name)
    await page.getByLabel('Semester').fill('Winter 2026')
  }

  it('takes pasted lines with quoted names, and names the line that it cannot read', async () => {
    const page = await dashboard.open('/courses/new')
    await fillIn(page, 'Pasted Lab')
    await page.getByRole('button', { name: 'Paste lines' }).click()
    const lines = page.getByLabel('Groups, one per line')
    await lines.fill('number,name\n1,Alpha\n2;"Beta; the second"\nthree,Gamma\n\n4,"Say ""hi"", Delta"')
    await page.getByText('Line 4: “three” is not a whole number').waitFor()
    await page.getByText('3 groups read').waitFor()
    await page.getByRole('button', { name: 'Create course' }).click()
    await page.getByText('1 field to correct').waitFor()
    expect(new URL(page.url()).pathname).toBe('/courses/new')
    // Going over to rows would lose the line, so it is not possible yet.
    expect(await page.getByRole('button', { name: 'Row by row' }).isDisabled()).toBe(true)

    await lines.fill((await lines.inputValue()).replace('three', '3'))
    await page.getByRole('button', { name: 'Row by row' }).click()
    expect(await page.getByLabel('Name of group 4').inputValue()).toBe('Say "hi", Delta')
    await page.getByRole('button', { name: 'Paste lines' }).click()
    expect(await lines.inputValue()).toBe('1,Alpha\n2,"Beta; the second"\n3,Gamma\n4,"Say ""hi"", Delta"')
    await page.getByRole('button', { name: 'Create course' }).click()
    await courseStatus(page, 'completed')
    expect(await groupsOf(page)).toEqual([[1, 'Alpha'], [2, 'Beta; the second'], [3, 'Gamma'], [4, 'Say "hi", Delta']])
  })

  it('makes groups of lines that are pasted into a row', async () => {
    const page = await dashboard.open('/courses/new')
    await page.getByLabel('Name of group 1').fill('Alpha')
    await page.getByRole('button', { name: 'Add group' }).click()
    await page.getByLabel('Name of group 2').evaluate((field) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text', '2\tBeta\n3\tGamma\n')
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    })
    expect(await page.getByLabel('Groups, one per line').inputValue()).toBe('1,Alpha\n2\tBeta\n3\tGamma')
    await page.getByText('3 groups read').waitFor()
  })

  it('is filled in and sent by keyboard alone', async () => {
    const page = await dashboard.open('/courses/new')
    const keys = page.keyboard
    await page.getByLabel('Name', { exact: true }).and(page.locator(':focus')).waitFor()
    await keys.press('Shift+Tab')
    // Held as long as a finger holds it: the radio group takes no notice of less.
    await keys.press('ArrowRight', { delay: 80 })
    await page.getByRole('radio', { name: 'Combined', checked: true }).waitFor()
    await keys.press('Tab')
    await keys.type('Keyboard Course')
    await keys.press('Tab')
    await keys.type('Winter 2026')
    await page.getByLabel('Name of group 1').focus()
    for (const name of ['Alpha', 'Beta', 'Gamma']) {
      await keys.type(name)
      await keys.press('Enter')
    }
    // Enter after the last one made a fourth row: take it away again.
    await page.getByLabel('Name of group 4').and(page.locator(':focus')).waitFor()
    await keys.press('Tab')
    await keys.press('Enter')
    await page.getByLabel('Name of group 3').and(page.locator(':focus')).waitFor()
    const focused = page.getByRole('button', { name: 'Create course' }).and(page.locator(':focus'))
    for (let i = 0; i < 6 && !await focused.count(); i++) await keys.press('Tab')
    await keys.press('Enter')
    await courseStatus(page, 'completed')
    expect(await groupsOf(page)).toEqual([[1, 'Alpha'], [2, 'Beta'], [3, 'Gamma']])
  })

  it('makes one course of a double click', async () => {
    const before = await courseCount()
    const page = await dashboard.open('/courses/new')
    await page.getByRole('radio', { name: 'Lecture' }).click()
    await fillIn(page, 'Clicked Twice')
    await page.getByRole('button', { name: 'Create course' }).dblclick()
    await courseStatus(page, 'completed')
    expect(await courseCount()).toBe(before + 1)
  })

  it('sends a form whose answer was lost once more, and it stays one course', async () => {
    const before = await courseCount()
    const page = await dashboard.open('/courses/new')
    await page.getByRole('radio', { name: 'Lecture' }).click()
    await fillIn(page, 'Lost Answer')
    await page.route('**/api/courses', async (route) => {
      await route.fetch()
      await route.abort()
    }, { times: 1 })
    await page.getByRole('button', { name: 'Create course' }).click()
    await page.getByText('Atelier does not answer.').waitFor()
    await page.getByRole('button', { name: 'Create course' }).click()
    await courseStatus(page, 'completed')
    expect(await courseCount()).toBe(before + 1)
  })

  it('shows what is wrong at its field, and goes to the first', async () => {
    const page = await dashboard.open('/courses/new')
    await page.getByLabel('Semester').fill('Winter 2026')
    await page.getByLabel('Name of group 1').fill('Alpha')
    await page.getByRole('button', { name: 'Add group' }).click()
    await page.getByLabel('Name of group 2').fill('Beta')
    await page.getByLabel('Number of group 2').fill('1')
    await page.getByLabel('Discord server id').fill('my server')
    await page.getByRole('button', { name: 'Create course' }).click()
    await page.getByText('3 fields to correct').waitFor()
    await page.getByLabel('Name', { exact: true }).and(page.locator(':focus')).waitFor()
    await page.getByText('It must not be empty.').waitFor()
    await page.getByText('It must be a Discord id').waitFor()
    await page.getByText('"1" is taken by another group.').waitFor()
    await page.getByLabel('Number of group 2').fill('2')
    await page.getByText('"1" is taken by another group.').waitFor({ state: 'detached' })
  })

  it('shows what only the server knows at its field, too', async () => {
    const page = await dashboard.open('/courses/new')
    await fillIn(page, 'Refused Lab')
    await page.getByLabel('Name of group 1').fill('Alpha')
    await page.route('**/api/courses', route => route.fulfill({
      status: 400,
      contentType: 'application/problem+json',
      json: {
        type: 'about:blank', title: 'Bad request', status: 400, code: 'VALIDATION_FAILED',
        detail: 'The body is not valid.', why: 'One field.', fix: 'Correct it.',
        errors: [{ field: 'labGroups.0.number', message: 'It is reserved.', fix: 'Take another.' }],
      },
    }), { times: 1 })
    await page.getByRole('button', { name: 'Create course' }).click()
    await page.getByRole('listitem').getByText('It is reserved. Take another.').waitFor()
    await page.getByLabel('Number of group 1').and(page.locator(':focus')).waitFor()
  })
})
