import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { useDashboard } from './support/browser.ts'
import { courseStatus } from './support/course.ts'

describe('who may see and do what', () => {
  const dashboard = useDashboard()

  const at = (page: Page) => new URL(page.url()).pathname

  it('never goes on to another site', async () => {
    const page = await dashboard.open('/sign-in?next=//example.org/', { apiKey: null })
    await page.getByLabel('API key').fill(dashboard.apiKey)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Courses', exact: true }).waitFor()
    expect(page.url()).toBe(`${dashboard.server.url}/`)
  })

  it('takes the one-time code of a link, once, and leaves it nowhere', async () => {
    const { url } = (await dashboard.api.call<{ url: string }>('POST', '/api/sessions/links')).body
    const page = await dashboard.open(url, { apiKey: null })
    await page.getByRole('heading', { name: 'Courses', exact: true }).waitFor()
    expect(page.url()).toBe(`${dashboard.server.url}/`)
    await page.goBack()
    expect(page.url()).not.toContain('code=')

    const again = await dashboard.open(url, { apiKey: null })
    await again.getByRole('alert').getByText('was used already').waitFor()
    expect(again.url()).not.toContain('code=')
  })

  it('makes a key that is shown once, and revokes it', async () => {
    const page = await dashboard.open('/keys')
    await page.getByText('No other keys').waitFor()
    await page.getByLabel('Key holder').fill('Assistants')
    await page.getByRole('radio', { name: 'Viewer' }).click()
    await page.getByRole('button', { name: 'Create key' }).click()
    const apiKey = await page.getByRole('status').locator('code').innerText()
    const row = page.getByRole('listitem').filter({ hasText: 'Assistants' })
    await row.getByText('viewer').waitFor()

    const viewer = await dashboard.open('/', { apiKey })
    await viewer.getByText('No courses yet').waitFor()
    expect(await viewer.getByRole('link', { name: 'New course' }).count()).toBe(0)
    expect(await viewer.getByRole('link', { name: 'Keys' }).count()).toBe(0)
    await viewer.goto('/courses/new')
    await viewer.getByText('Your role cannot open this page.').waitFor()
    await viewer.goto('/')
    await viewer.getByText('No courses yet').waitFor()

    await page.reload()
    await row.waitFor()
    expect(await page.getByText(apiKey).count()).toBe(0)
    await row.getByRole('button', { name: 'Revoke' }).click()
    await row.getByRole('button', { name: 'Revoke permanently' }).click()
    await page.getByText('No other keys').waitFor()
    await viewer.getByRole('link', { name: 'Runs' }).click()
    await viewer.waitForURL('**/sign-in?next=/runs')
  })

  it('binds a key to a project, shows what it is bound to, and changes that', async () => {
    for (const title of ['Open Data', 'Closed Data']) await dashboard.api.call('POST', '/api/projects', { body: { title } })
    const page = await dashboard.open('/keys')
    await page.getByLabel('Key holder').fill('Tutors')
    await page.getByRole('radio', { name: 'Operator' }).click()
    await page.getByRole('radio', { name: 'Chosen courses and projects' }).click()
    await page.getByLabel('Projects', { exact: true }).selectOption('Open Data')
    await page.getByRole('button', { name: 'Remove Open Data' }).waitFor()
    await page.getByRole('button', { name: 'Create key' }).click()
    const apiKey = await page.getByRole('status').locator('code').innerText()
    const row = page.getByRole('listitem').filter({ hasText: 'Tutors' })
    await row.getByText('bound to Open Data').waitFor()

    const tutor = await dashboard.open('/projects', { apiKey })
    await tutor.getByText('Open Data').waitFor()
    expect(await tutor.getByText('Closed Data').count()).toBe(0)
    expect(await tutor.getByRole('button', { name: 'New project' }).count()).toBe(0)
    const strayed = await dashboard.open('/courses/new', { apiKey })
    await strayed.getByText('Your key cannot open this page.').waitFor()

    await row.getByRole('button', { name: 'Change access' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Remove Open Data' }).click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('at least one course or project').first().waitFor()
    await dialog.getByLabel('Projects', { exact: true }).selectOption('Closed Data')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await row.getByText('bound to Closed Data').waitFor()
    await tutor.reload()
    await tutor.getByText('Closed Data').waitFor()
    expect(await tutor.getByText('Open Data').count()).toBe(0)
  })

  it('lists the browsers with one\'s key, and signs another one out', async () => {
    const key = { name: 'Two browsers', role: 'viewer' }
    const { body: { apiKey } } = await dashboard.api.call<{ apiKey: string }>('POST', '/api/keys', { body: key })
    const other = await dashboard.open('/', { apiKey, userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0' })
    const page = await dashboard.open('/', {
      apiKey,
      userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    })
    await page.getByRole('link', { name: 'Sessions' }).click()
    await page.getByRole('listitem').filter({ hasText: 'Chrome on Windows' }).getByText('this browser').waitFor()
    await page.getByRole('button', { name: 'Sign out Firefox on Linux' }).click()
    await page.getByText('Firefox on Linux').waitFor({ state: 'detached' })
    await other.getByRole('link', { name: 'Runs' }).click()
    await other.waitForURL('**/sign-in?next=/runs')
    await page.getByRole('button', { name: 'Sign out Chrome on Windows' }).click()
    await page.waitForURL('**/sign-in')
  })

  it('has a page about the API, which loads nothing that its policy forbids', async () => {
    const page = await dashboard.open('/api/docs')
    await page.getByText('/api/courses/{id}/retry').waitFor()
    await page.getByText('Create a course and start to provision it').click()
    await page.getByText('Software Engineering Lab').first().waitFor()
  })

  it('offers a viewer no Retry', async () => {
    const fault = await dashboard.github.fault({
      operation: 'repos/create-in-org', when: 'before', action: 'status', status: 403, body: { message: 'Forbidden' }, times: 99,
    })
    const apiKey = await dashboard.api.createKey('Watcher', 'viewer')
    const page = await dashboard.openCourse({ name: 'Watched', semester: 'Winter 2026', type: 'LECTURE' }, { apiKey })
    await courseStatus(page, 'failed')
    expect(await page.getByRole('button', { name: 'Retry' }).count()).toBe(0)
    await dashboard.github.removeFault(fault)
  })

  it('has a page for addresses that lead nowhere', async () => {
    const page = await dashboard.open('/nowhere')
    await page.getByRole('heading', { name: 'Page not found' }).waitFor()
    await page.getByRole('button', { name: 'Open courses' }).click()
    await page.getByRole('heading', { name: 'Courses', exact: true }).waitFor()
    expect(at(page)).toBe('/')
    await page.goto('/courses/00000000-0000-4000-8000-000000000000')
    await page.getByRole('alert').getByText('There is no course').waitFor()
  })
})
