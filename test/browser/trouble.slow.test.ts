import { beforeEach, describe, expect, it } from 'vitest'
import { DISCORD_GUILD_ID } from '../../emulators/defaults.ts'
import { useDashboard } from './support/browser.ts'
import { courseStatus, patiently, stepRow, watchForReload } from './support/course.ts'

describe('a course in trouble', () => {
  // Without a default server, so that a course that names none waits for one.
  const dashboard = useDashboard({ env: { DISCORD_GUILD_ID: '' } })
  beforeEach(async () => {
    await dashboard.github.removeFault()
    await dashboard.discord.removeFault()
  })

  const laboratory = (name: string) => ({
    name, semester: 'Winter 2026', type: 'LABORATORY', discordGuildId: DISCORD_GUILD_ID,
    labGroups: [{ name: 'Alpha', number: 1 }, { name: 'Beta', number: 2 }, { name: 'Gamma', number: 3 }],
  })

  it('follows a retry that somebody else started', async () => {
    await dashboard.github.fault({
      operation: 'repos/create-in-org', subject: '/elsewhere/', when: 'before',
      action: 'status', status: 403, body: { message: 'Forbidden' }, times: 99,
    })
    const page = await dashboard.openCourse(laboratory('Retried Elsewhere'))
    await courseStatus(page, 'failed')
    await dashboard.github.removeFault()
    const id = new URL(page.url()).pathname.split('/').at(-1)
    expect((await dashboard.api.call('POST', `/api/courses/${id}/retry`)).status).toBe(202)
    await courseStatus(page, 'completed')
  })

  it('counts the attempts and the calls that failed', async () => {
    await dashboard.github.fault({
      operation: 'repos/create-in-org', subject: '/group-3/', when: 'before', action: 'status', status: 500, times: 2,
    })
    const page = await dashboard.openCourse(laboratory('Bumpy Lab'))
    await courseStatus(page, 'completed')
    await stepRow(page, 'CREATE_GROUP_REPOS').getByText('3 attempts').first().waitFor()
    await page.getByRole('tab', { name: 'Audit' }).click()
    const panel = page.getByRole('tabpanel')
    await expect.poll(() => panel.getByRole('listitem').count(), patiently).toBeGreaterThan(4)
    await panel.getByRole('switch', { name: 'Only failures' }).click()
    // The two refused ones, and before each new attempt a look for what the last one may have made.
    await panel.getByText('4 failed calls').waitFor()
    await expect.poll(() => panel.getByRole('listitem').count(), patiently).toBe(4)
    expect(await panel.getByRole('listitem').filter({ hasText: '500' }).count()).toBe(2)
  })

  it('warns of what could not be done', async () => {
    await dashboard.github.fault({
      operation: 'repos/update-branch-protection', when: 'before', action: 'status', status: 403,
      body: { message: 'Upgrade to GitHub Team or make this repository public to enable this feature.' }, times: 99,
    })
    const page = await dashboard.openCourse(laboratory('Unprotected Lab'))
    await courseStatus(page, 'completed')
    const warnings = page.getByRole('region', { name: 'Completed with warnings' })
    await warnings.getByText('Group branch protections: Group 1 · Alpha, Group 2 · Beta, Group 3 · Gamma').waitFor()
    await warnings.getByText('What to do:').waitFor()
    await stepRow(page, 'APPLY_GROUP_BRANCH_PROTECTIONS').and(page.locator('[data-status=skipped]')).waitFor()
    await page.getByRole('link', { name: 'Courses' }).click()
    await page.getByRole('listitem').filter({ hasText: 'Unprotected Lab' }).getByText('3 warnings').waitFor()
  })

  it('leads to the bot\'s install page while it waits, and goes on once the server is named', async () => {
    const page = await dashboard.openCourse({ ...laboratory('Waiting Lab'), discordGuildId: undefined })
    await courseStatus(page, 'waiting')
    const panel = page.locator('[data-wait=discord-server]')
    await panel.getByText('This course waits for a Discord server.').waitFor()
    const install = new URL((await panel.getByRole('link', { name: 'Add the bot' }).getAttribute('href'))!)
    expect(install.searchParams.get('scope')).toContain('bot')
    expect(install.searchParams.get('state')).toBeTruthy()

    const field = panel.getByRole('textbox')
    await field.fill('soon')
    await field.press('Enter')
    await panel.getByText('It must be a Discord id').waitFor()
    await field.fill('1999999999999999999')
    await field.press('Enter')
    await panel.getByText('The bot is not in the Discord server 1999999999999999999').waitFor()
    await field.fill(DISCORD_GUILD_ID)
    await field.press('Enter')
    await courseStatus(page, 'completed')
    await panel.waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Discord', exact: true }).waitFor()
  })

  it('says so when the server is away, and catches up when it is back', async () => {
    const held = await dashboard.github.fault({
      operation: 'repos/create-in-org', subject: '/group-1/', when: 'before', action: 'hold', times: 99,
    })
    const page = await dashboard.openCourse(laboratory('Interrupted Lab'))
    const reloaded = await watchForReload(page)
    await courseStatus(page, 'in_progress')
    await dashboard.server.kill()
    await page.getByText('Connection lost.').waitFor()
    await page.locator('[data-health=away]').waitFor()
    await page.getByRole('heading', { name: 'Interrupted Lab' }).waitFor()
    await dashboard.github.removeFault(held)
    await dashboard.server.start()
    await courseStatus(page, 'completed')
    await page.getByText('Connection lost.').waitFor({ state: 'detached' })
    await page.locator('[data-health=up]').waitFor()
    expect(await reloaded()).toBe(false)
  })
})
