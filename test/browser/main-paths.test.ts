import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { repos } from '../support/outside.ts'
import { repoOnGitHub } from '../support/projects.ts'
import { useDashboard } from './support/browser.ts'
import { courseStatus, patiently, stepRow, watchForReload } from './support/course.ts'

/** What nearly everybody does; the rest of each page is in the slow suites beside this one. */
describe('the main paths', () => {
  const dashboard = useDashboard()
  const dialog = (page: Page) => page.getByRole('dialog')
  const workspace = (page: Page, branch: string) => page.locator(`[data-workspace="refs/heads/${branch}"]`)
  const reached = (page: Page, branch: string, status: string) => workspace(page, branch).locator(`[data-status=${status}]`).waitFor()
  const branches = async (repo: string) => Object.keys((await repos(dashboard)).get(repo)!.branches)

  it('sign-in asks for a key, says what is wrong with it, and goes on to where one wanted to go', async () => {
    const page = await dashboard.open('/runs?status=failed', { apiKey: null })
    await page.waitForURL('**/sign-in?next=**')
    const key = page.getByLabel('API key')
    expect(await key.getAttribute('type')).toBe('password')
    await key.fill('wrong')
    await key.press('Enter')
    await page.getByRole('alert').getByText('This key is wrong').waitFor()
    await page.getByRole('alert').getByText('Paste the key').waitFor()
    await key.fill(dashboard.apiKey)
    await key.press('Enter')
    await page.getByRole('heading', { name: 'Runs' }).waitFor()
    expect(new URL(page.url()).search).toBe('?status=failed')

    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in to Atelier' }).waitFor()
    await page.goto('/')
    await page.getByRole('heading', { name: 'Sign in to Atelier' }).waitFor()
  })

  it('the form makes a laboratory course from rows, and its page shows it finish without a reload', async () => {
    const held = await dashboard.github.fault({
      operation: 'repos/create-in-org', subject: '/group-2/', when: 'before', action: 'hold', times: 99,
    })
    const page = await dashboard.open('/')
    await page.getByRole('link', { name: 'New course' }).first().click()
    await page.getByLabel('Name', { exact: true }).fill('Networks Lab')
    await page.getByLabel('Semester').fill('Winter 2026')
    await page.getByLabel('Name of group 1').fill('Alpha')
    await page.getByRole('button', { name: 'Add group' }).click()
    await page.getByLabel('Name of group 2').fill('Beta')
    await page.getByRole('button', { name: 'Create course' }).click()

    await page.waitForURL(/\/courses\/[0-9a-f-]{36}$/)
    const reloaded = await watchForReload(page)
    await courseStatus(page, 'in_progress')
    const repositories = stepRow(page, 'CREATE_GROUP_REPOS')
    await repositories.getByText('1/2').waitFor()
    await repositories.getByRole('progressbar').waitFor()
    await dashboard.github.removeFault(held)

    await courseStatus(page, 'completed')
    await repositories.getByText('2/2').waitFor()
    expect(await page.locator('[data-step]').evaluateAll(rows => rows.map(row => row.getAttribute('data-status'))))
      .toEqual(Array(6).fill('completed'))
    const made = await dashboard.api.resources(new URL(page.url()).pathname.split('/').at(-1)!)
    const links = () =>
      page.getByRole('tabpanel').getByRole('link').evaluateAll(links => links.map(link => (link as HTMLAnchorElement).href).sort())
    await expect.poll(links, patiently).toEqual(made.map(({ url }) => url).filter(url => url !== null).sort())
    expect(await reloaded()).toBe(false)
  })

  it('the pages lead from a new project to an assigned task with its branch, without a reload', async () => {
    const external = await repoOnGitHub(dashboard, 'leaderboard')
    const page = await dashboard.open('/projects')
    const reloaded = await watchForReload(page)
    await page.getByText('No projects yet').waitFor()
    await page.getByRole('button', { name: 'New project' }).click()
    await dialog(page).getByLabel('Title').fill('Leaderboard')
    await dialog(page).getByRole('button', { name: 'Create project' }).click()

    await page.getByRole('heading', { name: 'Leaderboard', level: 1 }).waitFor()
    await page.getByRole('button', { name: 'Add repository' }).click()
    await dialog(page).getByLabel('Repository on GitHub').fill('leaderboard')
    await dialog(page).getByRole('button', { name: 'Add repository' }).click()
    await dialog(page).getByText('It must be owner/name.').waitFor()
    await dialog(page).getByLabel('Repository on GitHub').and(page.locator(':focus')).fill(external)
    await dialog(page).getByRole('button', { name: 'Add repository' }).click()
    await page.getByRole('region', { name: 'Repositories' }).getByText(external).waitFor()
    await page.getByRole('button', { name: 'New challenge' }).click()
    await dialog(page).getByLabel('Title').fill('Admin Experience Update')
    await dialog(page).getByRole('button', { name: 'Create challenge' }).click()

    await page.getByRole('heading', { name: 'Admin Experience Update', level: 1 }).waitFor()
    await page.getByRole('button', { name: 'Link repository' }).click()
    const branch = 'challenge/001-admin-experience-update'
    await dialog(page).getByText(branch).waitFor()
    await dialog(page).getByLabel('Repository').and(page.locator(':focus')).waitFor()
    expect(await branches('leaderboard')).toEqual(['main'])
    await dialog(page).getByLabel('Base branch').fill('nowhere')
    await dialog(page).getByRole('button', { name: 'Link', exact: true }).click()
    await dialog(page).getByText('What to do:').waitFor()
    await dialog(page).getByLabel('Base branch').fill('main')
    await dialog(page).getByRole('button', { name: 'Link', exact: true }).click()
    await reached(page, branch, 'ready')
    await workspace(page, branch).locator('[data-observed=ready]').waitFor()
    await workspace(page, branch).getByText('from main').waitFor()

    await page.getByRole('button', { name: 'New task' }).click()
    await dialog(page).getByLabel('Title').fill('Setup Environment')
    await dialog(page).getByRole('button', { name: 'Create task' }).click()
    await page.getByRole('button', { name: 'Assign Setup Environment' }).click()
    // Nobody is there yet, so the first contributor is added on the way.
    await dialog(page).getByLabel('Full name').fill('Ada Lovelace')
    await dialog(page).getByLabel('GitHub user name').fill('ada')
    await dialog(page).getByRole('button', { name: 'Add contributor' }).click()
    await dialog(page).getByRole('button', { name: 'Assign to Ada Lovelace' }).click()
    await page.getByRole('list', { name: 'Assigned to Setup Environment' }).getByText('Ada Lovelace').waitFor()
    await reached(page, 'task/001-setup-environment', 'ready')
    await workspace(page, 'task/001-setup-environment').getByText(`from ${branch}`).waitFor()
    expect((await branches('leaderboard')).sort()).toEqual([branch, 'main', 'task/001-setup-environment'])

    await page.getByRole('button', { name: 'Complete: Setup Environment' }).click()
    await page.getByRole('region', { name: 'Done 1' }).getByText('Setup Environment').first().waitFor()
    await page.getByRole('progressbar', { name: 'Completion of the challenge' }).and(page.locator('[aria-valuenow="100"]')).waitFor()
    expect(await reloaded()).toBe(false)
  })

  it('a course shows the reason and the fix of a failure, and completes after Retry', async () => {
    await dashboard.github.fault({
      operation: 'repos/create-in-org', subject: '/group-2/', when: 'before', action: 'status',
      status: 403, body: { message: 'Resource not accessible by personal access token' }, times: 99,
    })
    const page = await dashboard.openCourse({
      name: 'Failing Lab', semester: 'Winter 2026', type: 'LABORATORY',
      labGroups: [{ name: 'Alpha', number: 1 }, { name: 'Beta', number: 2 }, { name: 'Gamma', number: 3 }],
    })
    const reloaded = await watchForReload(page)
    await courseStatus(page, 'failed')

    const panel = page.getByRole('region', { name: 'Failed at: Group repositories' })
    await panel.getByText('Resource not accessible by personal access token').waitFor()
    await panel.getByText('What to do:').waitFor()
    const step = stepRow(page, 'CREATE_GROUP_REPOS')
    await step.getByText('Group 2 · Beta').first().waitFor()
    await step.getByRole('button', { name: 'Show the items of Group repositories' }).click()
    expect(await step.getByRole('listitem').first().innerText()).toMatch(/^Group 2 · Beta\s+failed[^]*Resource not accessible/)
    await step.getByText('2/3').waitFor()
    // Nothing pretends to go on behind a run that is over.
    expect(await page.locator('[data-step][data-status=running]').count()).toBe(0)

    await dashboard.github.removeFault()
    await page.getByRole('button', { name: 'Retry' }).click()
    await courseStatus(page, 'completed')
    await panel.waitFor({ state: 'detached' })
    await page.getByRole('tab', { name: 'Runs' }).click()
    const runs = page.getByRole('tabpanel').getByRole('listitem')
    await expect.poll(() => runs.count(), patiently).toBe(2)
    expect(await runs.first().innerText()).toMatch(/Retry[^]*Completed/)
    expect(await runs.last().innerText()).toMatch(/First run[^]*Resource not accessible[^]*Failed/)
    expect(await reloaded()).toBe(false)
  })
})
