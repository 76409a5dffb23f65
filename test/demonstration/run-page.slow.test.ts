import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildWithExtension } from '../../scripts/lib/build.ts'
import { violations } from '../browser/support/axe.ts'
import { picture, useDashboard } from '../browser/support/browser.ts'
import { stepRow, watchForReload } from '../browser/support/course.ts'
import { temporaryFolder, useStack } from '../support/stack.ts'
import { createClient } from './client.ts'

/** The page of a run of a workflow that no component knows. */
describe('the run page', () => {
  const stack = useStack()
  let [script, log] = ['', '']
  beforeAll(async () => {
    script = await buildWithExtension('test/demonstration', () => {})
    log = join(await temporaryFolder(stack, 'run-page'), 'work.log')
  }, 300_000)
  const dashboard = useDashboard(() => ({ script, env: { DEMONSTRATION_LOG: log } }))

  it('shows the input and what it waits for, takes the answer by a form, and shows output, resources, audit and chain', async () => {
    const client = createClient(dashboard)
    const { id } = await client.start({ name: 'on-screen', seconds: 0 })
    const page = await dashboard.open(`/runs/${id}`)
    const reloaded = await watchForReload(page)
    await page.getByRole('heading', { level: 1, name: 'Demonstrate the engine' }).waitFor()
    await page.getByText(/Demonstration \w{8}/).first().waitFor()
    await page.getByText('Owner').first().waitFor()
    await page.getByText('on-screen').first().waitFor()

    await page.getByText('The demonstration waits for an approval.').first().waitFor()
    await page.getByText('Name its purpose and approve it.').waitFor()
    const purpose = page.getByLabel('Purpose')
    await picture(page, 'demonstration-waiting')
    expect(await violations(page)).toEqual([])
    await purpose.fill('to see it on screen')
    await purpose.press('Enter')

    await page.locator('h1 + * [data-status="completed"]').waitFor()
    expect(await reloaded()).toBe(false)
    await stepRow(page, 'PROTECT_DEMO_REPO').waitFor()
    await page.getByText('to see it on screen').first().waitFor()
    await page.getByRole('tabpanel').getByText('The demonstration').first().waitFor()
    await page.getByRole('tab', { name: 'Audit' }).click()
    await page.getByRole('tabpanel').getByText(/create/i).first().waitFor()
    await page.getByRole('tab', { name: 'Runs' }).click()
    await page.getByRole('tabpanel').getByRole('link').or(page.getByRole('tabpanel').getByText('This run')).first().waitFor()
    await picture(page, 'demonstration-completed')
  })

  it('cancels and rolls back at a button, and retries', async () => {
    const client = createClient(dashboard)
    const { id } = await client.start({ name: 'undone', seconds: 0 })
    await client.reached(id, 'waiting')
    const page = await dashboard.open(`/runs/${id}`)
    await page.getByRole('button', { name: 'Cancel and roll back' }).click()
    await page.getByRole('dialog').getByText('undone').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel and roll back' }).click()
    await page.locator('h1 + * [data-status="cancelled"]').waitFor()
    await page.getByRole('link', { name: /roll/i }).first().waitFor()
    await picture(page, 'demonstration-cancelled')
    await page.getByRole('button', { name: 'Retry' }).first().click()
    await page.waitForURL(url => !url.pathname.endsWith(id))
    await page.locator('h1 + * [data-status="waiting"]').waitFor()
  })
})
