import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Dashboard, picture, startDashboard } from './support/browser.ts'

const groups = ['Alpha', 'Beta', 'Gamma', 'Delta'].map((name, index) => ({ name, number: index + 1 }))
const wide = { width: 1280, height: 980 }
const phone = { width: 360, height: 780 }

describe('looks', () => {
  let dashboard: Dashboard
  let paths: Record<string, string>
  let pages: Record<'light' | 'dark', Page>

  beforeAll(async () => {
    dashboard = await startDashboard({ env: { DISCORD_GUILD_ID: '' } })
    paths = await showEverything(dashboard)
    const open = (colorScheme: 'light' | 'dark') => dashboard.open('/sign-in', { colorScheme, viewport: wide, reducedMotion: 'reduce' })
    pages = { light: await open('light'), dark: await open('dark') }
  })
  afterAll(async () => {
    // What is held would hold up the end of the server, too.
    await dashboard?.github.mend()
    await dashboard?.close()
  })

  it('shows a running course to the readers of the README', async () => {
    const page = await dashboard.open(paths.running!, { colorScheme: 'light', viewport: { width: 1180, height: 960 }, deviceScaleFactor: 1.5 })
    await page.getByText('24 of 28').waitFor()
    await settled(page)
    await picture(page, 'course', { forReaders: true })
  })

  for (const name of ['sign-in', 'courses', 'new-course', 'running', 'failed', 'waiting', 'completed', 'audit', 'runs', 'run', 'keys']) {
    it(`${name}: accessible in light and dark, and fits a phone`, async () => {
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = pages[colorScheme]
        await page.setViewportSize(wide)
        await page.goto(paths[name]!)
        await settled(page)
        expect(await violations(page), `${name} in ${colorScheme}`).toEqual([])
        expect(await missingIcons(page)).toEqual([])
        await picture(page, `${name}-${colorScheme}`)
        if (colorScheme === 'dark') continue
        await page.setViewportSize(phone)
        await picture(page, `${name}-phone`)
        expect(await page.evaluate(() => document.documentElement.scrollWidth), `${name} on a phone`).toBe(phone.width)
      }
    })
  }
})

/** Nothing loads any more: what is still skeleton would be measured and shown as such. */
async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor()
  await page.locator('[role=status][aria-label=Loading]').waitFor({ state: 'detached' })
  await page.locator('[data-health=up]').or(page.getByLabel('API key')).first().waitFor()
}

/** Icons that were not bundled: they would be fetched from the internet, and are not. */
const missingIcons = (page: Page): Promise<string[]> => page.locator('[class*="i-lucide"]').evaluateAll(icons =>
  icons.filter(icon => getComputedStyle(icon).maskImage === 'none').map(icon => icon.className))

/** What axe finds that is serious, each with where it is. */
async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html} ${node.any[0]?.message ?? ''}`))
}

/** Makes courses in every state. @returns the path of a page for each name */
async function showEverything({ api, github }: Dashboard): Promise<Record<string, string>> {
  const guild = { discordGuildId: '1100000000000000001' }
  const create = async (body: object) => (await api.createCourse({ semester: 'Winter 2026', ...body })).body
  await github.fault({ operation: 'repos/create-in-org', subject: '/databases.*group-2/', when: 'before', action: 'status', status: 403, body: { message: 'Resource not accessible by personal access token' }, times: 99 })
  await github.fault({ operation: 'repos/update-branch-protection', subject: '/algorithms/', when: 'before', action: 'status', status: 403, body: { message: 'Upgrade to GitHub Team or make this repository public to enable this feature.' }, times: 99 })
  await github.fault({ operation: 'repos/create-in-org', subject: '/software.*group-4/', when: 'before', action: 'hold', times: 99 })
  await github.fault({ operation: 'git/create-commit', subject: '/software.*group-3/', when: 'before', action: 'hold', times: 99 })

  const failed = await create({ name: 'Databases', type: 'LABORATORY', labGroups: groups, ...guild })
  const completed = await create({ name: 'Algorithms and Data Structures', type: 'LECTURE', ...guild })
  const waiting = await create({ name: 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft', type: 'LECTURE' })
  const running = await create({ name: 'Software Engineering', type: 'COMBINED', labGroups: groups, ...guild })
  await api.call('POST', '/api/keys', { body: { name: 'Teaching assistants', role: 'operator' } })
  await Promise.all([api.reached(failed.id, 'FAILED'), api.reached(completed.id, 'COMPLETED'), api.reached(waiting.id, 'WAITING')])
  return {
    'sign-in': '/sign-in',
    'courses': '/',
    'new-course': '/courses/new',
    'running': `/courses/${running.id}`,
    'failed': `/courses/${failed.id}`,
    'waiting': `/courses/${waiting.id}`,
    'completed': `/courses/${completed.id}`,
    'audit': `/courses/${failed.id}?tab=audit`,
    'runs': '/runs',
    'run': `/runs/${failed.run.id}`,
    'keys': '/keys',
  }
}
