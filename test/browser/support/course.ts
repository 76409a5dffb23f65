import type { Page } from 'playwright-core'

/** The badge beside the name on a course page; waits until it says `status`, without a reload. */
export const courseStatus = (page: Page, status: string, timeout = 30_000) =>
  page.locator(`h1 + [data-status="${status}"]`).waitFor({ timeout })

/** For `expect.poll`: as patient as everything else here. */
export const patiently = { timeout: 20_000 }

/** The row of a step. */
export const stepRow = (page: Page, name: string) => page.locator(`[data-step="${name}"]`)

/** Marks the page, so that a reload can be told from a live change. */
export async function watchForReload(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => document.documentElement.setAttribute('data-not-reloaded', ''))
  return async () => !(await page.evaluate(() => document.documentElement.hasAttribute('data-not-reloaded')))
}
