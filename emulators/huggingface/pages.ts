import { Hono } from 'hono'
import { html } from 'hono/html'
import { list, page } from '../core/page.ts'
import type { App } from '../core/pipeline.ts'
import type { Store } from './store.ts'

/** Web pages of the Spaces, at the Hub's own paths. */
export function pageRoutes(store: Store): App {
  const app: App = new Hono()
  app.on('GET', ['/', '/spaces'], c => c.html(page('Spaces', html`<h1>Spaces</h1>
${list(store.spaces.list().map(({ id, sdk, private: hidden }) => html`<a href="/spaces/${id}">${id}</a>
  <span class="badge">${sdk}</span> <small>${hidden ? 'private' : 'public'}</small>`), 'No Space yet.')}`)))

  app.get('/spaces/:namespace/:name', (c) => {
    const space = store.find(`${c.req.param('namespace')}/${c.req.param('name')}`)
    if (space === undefined) return c.notFound()
    return c.html(page(space.id, html`<h1><a href="/spaces">Spaces</a> / ${space.id}</h1>
<p><span class="badge">${space.sdk}</span> <small>${space.private ? 'private' : 'public'}</small></p>
<h2>README.md</h2>
<pre>${space.files['README.md'] ?? ''}</pre>
<h2>Commits</h2>
${list(space.commits.map(({ title, user, date }) => html`${title} <small>${user}, ${date}</small>`), 'No commit.')}`))
  })
  return app
}
