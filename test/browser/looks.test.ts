import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Dashboard, picture, startDashboard } from './support/browser.ts'
import { showEverything } from './support/show.ts'

const wide = { width: 1280, height: 980 }
const phone = { width: 360, height: 780 }

describe('looks', () => {
  let dashboard: Dashboard
  let paths: Record<string, string>
  let page: Page

  beforeAll(async () => {
    dashboard = await startDashboard({ env: { DISCORD_GUILD_ID: '' } })
    paths = await showEverything(dashboard)
    page = await dashboard.open('/sign-in', { colorScheme: 'light', viewport: wide, reducedMotion: 'reduce' })
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

  const names = [
    'sign-in', 'courses', 'new-course', 'running', 'failed', 'waiting', 'completed', 'audit', 'runs', 'run', 'keys',
    'projects', 'project', 'challenge', 'contributors', 'providers',
  ]
  for (const name of names) {
    it(`${name}: accessible in light and dark, and fits a phone`, async () => {
      await page.goto(paths[name]!)
      await settled(page)
      await looksWell(page, name)
    })
  }

  for (const [name, button] of [['link', 'Link repository'], ['new-task', 'New task'], ['assign', 'Assign Write the Guide']] as const) {
    it(`the dialog ${name}: accessible in light and dark, and fits a phone`, async () => {
      await page.goto(paths.challenge!)
      await settled(page)
      await page.getByRole('button', { name: button }).click()
      await page.getByRole('dialog').waitFor()
      await looksWell(page, name)
    })
  }
})

/** What is on the page is accessible in both colour schemes and fits a phone; leaves pictures of it. */
async function looksWell(page: Page, name: string): Promise<void> {
  expect(await violations(page), `${name} in light`).toEqual([])
  expect(await missingIcons(page)).toEqual([])
  await picture(page, `${name}-light`)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.locator('html.dark').waitFor()
  // Only colours differ.
  expect(await violations(page, ['color-contrast']), `${name} in dark`).toEqual([])
  await picture(page, `${name}-dark`)
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(phone)
  await picture(page, `${name}-phone`)
  expect(await page.evaluate(() => document.documentElement.scrollWidth), `${name} on a phone`).toBe(phone.width)
  await page.setViewportSize(wide)
}

/** Nothing loads any more: what is still skeleton would be measured and shown as such. */
async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor()
  await page.locator('[role=status][aria-label=Loading]').waitFor({ state: 'detached' })
  await page.locator('[data-health=up]').or(page.getByLabel('API key')).first().waitFor()
}

/** Icons that were not bundled: they would be fetched from the internet, and are not. */
const missingIcons = (page: Page): Promise<string[]> => page.locator('[class*="i-lucide"]').evaluateAll(icons =>
  icons.filter(icon => getComputedStyle(icon).maskImage === 'none').map(icon => icon.className))

/** What axe finds that is serious, each with where it is; by all rules, or by some. */
async function violations(page: Page, rules?: string[]): Promise<string[]> {
  // There are no frames to look into, for which it would open a page of its own.
  const axe = new AxeBuilder({ page }).setLegacyMode()
  const { violations } = await (rules ? axe.withRules(rules) : axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'])).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html} ${node.any[0]?.message ?? ''}`))
}
