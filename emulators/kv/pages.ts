import { Hono } from 'hono'
import { html } from 'hono/html'
import { list, page } from '../core/page.ts'
import type { App } from '../core/pipeline.ts'
import type { Store } from './store.ts'

/** A web page that lists the keys, without their values: those may be anybody's sessions. */
export function pageRoutes(store: Store): App {
  const app: App = new Hono()
  app.get('/', c => c.html(page('Keys', html`<h1>Keys</h1>
${list(store.keys().map((key) => {
  const { type, expiresAt } = store.entry(key)!
  return html`<code>${key}</code> <span class="badge">${type}</span>
  <small>${expiresAt === undefined ? 'does not expire' : `expires ${new Date(expiresAt).toISOString()}`}</small>`
}), 'No key yet.')}`)))
  return app
}
