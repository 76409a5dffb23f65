import { mkdir } from 'node:fs/promises'
import { afterEach, beforeAll, expect } from 'vitest'
import chromium from '@sparticuz/chromium'
import { type Browser, type BrowserContextOptions, type Page, chromium as playwright } from 'playwright-core'
import { own } from '../../../scripts/lib/own.ts'
import { fromRoot } from '../../../scripts/lib/root.ts'
import { startAtelier, type Atelier, type AtelierOptions } from '../../support/atelier.ts'
import { useStack } from '../../support/stack.ts'
import { unpackChromium } from './chromium.ts'

/** A dashboard under test: everything behind it, and a browser before it. */
export interface Dashboard extends Atelier {
  /** A page of a browser of its own, signed in with the owner's key unless told otherwise. */
  open(path: string, options?: PageOptions): Promise<Page>
  /** The course page that a new course, made by the API, has. */
  openCourse(body: object, options?: PageOptions): Promise<Page>
}

/** What pages tried to load or run although their policy forbids it. */
const forbidden: string[] = []

interface PageOptions extends BrowserContextOptions { apiKey?: string | null }

/**
 * Chromium out of an npm package, with the fonts that come along, so that pictures look the same
 * everywhere. In one process, as that package would have it, contexts share their cookies.
 */
async function launch(): Promise<Browser> {
  const { executablePath, env } = await unpackChromium()
  return playwright.launch({
    executablePath,
    args: [...chromium.args.filter(arg => arg !== '--single-process' && arg !== '--no-zygote'), '--no-sandbox'],
    env: { ...process.env, ...env },
  })
}

/** Starts a server with everything it needs, and a browser; a start that fails ends what it had begun. */
async function startDashboard(options?: AtelierOptions): Promise<Dashboard> {
  await using stack = new AsyncDisposableStack()
  const [atelier, browser] = await Promise.all([
    own(stack, () => startAtelier(options), started => started.close()),
    own(stack, launch, started => started.close()),
  ])

  async function open(path: string, { apiKey = atelier.apiKey, ...options }: PageOptions = {}): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 }, locale: 'en-GB', baseURL: atelier.server.url, ...options,
    })
    context.setDefaultTimeout(20_000)
    if (apiKey) await context.request.post('/api/session', { data: { apiKey }, failOnStatusCode: true })
    const page = await context.newPage()
    page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) forbidden.push(`${page.url()}: ${message.text()}`)
    })
    await page.goto(path)
    return page
  }

  const parts = stack.move()
  return {
    ...atelier,
    open,
    async openCourse(body, options) {
      const { body: course } = await atelier.api.createCourse(body)
      return open(`/courses/${course.id}`, options)
    },
    close: () => parts.disposeAsync(),
  }
}

/**
 * A dashboard of its own for all tests of a `describe`; what its server printed is shown when a test fails.
 * @param options a function where an earlier `beforeAll` decides about them
 */
export function useDashboard(options?: AtelierOptions | (() => AtelierOptions)): Dashboard {
  const stack = useStack()
  const dashboard = {} as Dashboard
  beforeAll(async () => {
    const known = typeof options === 'function' ? options() : options
    Object.assign(dashboard, await own(stack, () => startDashboard(known), started => started.close()))
  })
  afterEach(({ task }) => {
    expect(forbidden.splice(0), 'what the policy of pages forbids').toEqual([])
    if (task.result?.state === 'fail') console.log(dashboard.server?.output().slice(-5_000))
  })
  return dashboard
}

/** With PICTURES=1 every picture is taken, also in dark and of a phone, and as fine as the README's, which is `running-light`. */
export const takesAllPictures = Boolean(process.env.PICTURES)

/** Writes a picture to the folder `test-results`, for those who want to see with their own eyes. */
export async function picture(page: Page, name: string): Promise<void> {
  await mkdir(fromRoot('test-results'), { recursive: true })
  await page.screenshot({ path: fromRoot('test-results', `${name}.png`), animations: 'disabled' })
}
