import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { violations } from './support/axe.ts'
import { picture, takesAllPictures, useDashboard } from './support/browser.ts'
import { showEverything } from './support/show.ts'

const wide = { width: 1280, height: 980 }
const phone = { width: 360, height: 780 }

describe('looks', () => {
  const dashboard = useDashboard({ env: { DISCORD_GUILD_ID: '' } })
  let paths: Record<string, string>
  let page: Page

  beforeAll(async () => {
    paths = await showEverything(dashboard)
    page = await dashboard.open('/sign-in', {
      colorScheme: 'light', viewport: wide, reducedMotion: 'reduce', deviceScaleFactor: takesAllPictures ? 1.5 : 1,
    })
  })

  const names = [
    'sign-in', 'courses', 'new-course', 'running', 'failed', 'waiting', 'completed', 'runs', 'run', 'keys', 'sessions',
    'projects', 'project', 'contributors', 'providers', 'audit', 'audit-actions',
  ]
  for (const name of names) {
    it(`${name}: accessible in light and dark, and fits a phone`, async () => {
      await page.goto(paths[name]!)
      await settled(page)
      await looksWell(page, name)
    })
  }

  it('binding of a key: accessible in light and dark, and fits a phone, in the form and in the dialog', async () => {
    await page.goto(paths.keys!)
    await settled(page)
    await page.getByRole('radio', { name: 'Chosen courses and projects' }).click()
    await page.getByLabel('Courses', { exact: true }).waitFor()
    await looksWell(page, 'new-binding')
    await page.getByRole('listitem').filter({ hasText: 'Tutors of the leaderboard' }).getByRole('button', { name: 'Change access' }).click()
    await page.getByRole('dialog').getByLabel('Courses', { exact: true }).waitFor()
    await looksWell(page, 'binding', '[role=dialog]')
  })

  it('challenge: accessible in light and dark, and fits a phone, and so do its dialogs', async () => {
    await page.goto(paths.challenge!)
    await settled(page)
    await looksWell(page, 'challenge')
    const dialogs = {
      'link': 'Link repository', 'unlink': 'Unlink leaderboard', 'new-task': 'New task', 'assign': 'Assign Write the Guide',
    }
    for (const [name, button] of Object.entries(dialogs)) {
      await page.getByRole('button', { name: button }).click()
      await page.getByRole('dialog').waitFor()
      await settled(page)
      await looksWell(page, name, '[role=dialog]')
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
  })
})

/** What is on the page, or `within` a part of it, is accessible in both colour schemes and fits a phone; leaves pictures of it. */
async function looksWell(page: Page, name: string, within?: string): Promise<void> {
  expect(await violations(page, { within }), `${name} in light`).toEqual([])
  expect(await missingIcons(page)).toEqual([])
  await picture(page, `${name}-light`)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.locator('html.dark').waitFor()
  // Only colours differ.
  expect(await violations(page, { within, rules: ['color-contrast'] }), `${name} in dark`).toEqual([])
  if (takesAllPictures) await picture(page, `${name}-dark`)
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(phone)
  expect(await page.evaluate(() => document.documentElement.scrollWidth), `${name} on a phone`).toBe(phone.width)
  if (takesAllPictures) await picture(page, `${name}-phone`)
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
