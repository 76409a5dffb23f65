import { Hono } from 'hono'
import { html } from 'hono/html'
import { list, page } from '../core/page.ts'
import type { App } from '../core/pipeline.ts'
import type { Store } from './store.ts'

/** Web pages of teams and projects, at Figma's own paths, with the form that creates a project. */
export function pageRoutes(store: Store): App {
  const app: App = new Hono()
  app.get('/', c => c.html(page('Teams', html`<h1>Teams</h1>
${list(store.teams.list().map(team => html`<a href="/files/team/${team.id}">${team.name}</a>`), 'No team.')}`)))

  app.get('/files/team/:team', (c) => {
    const team = store.teams.get(c.req.param('team'))
    if (team === undefined) return c.notFound()
    return c.html(page(team.name, html`<h1>${team.name}</h1>
<h2>Projects</h2>
${list(store.projectsOf(team.id).map(({ id, name }) => html`<a href="/files/project/${id}">${name}</a>`), 'No project yet.')}
<form method="post" action="/files/team/${team.id}/projects">
<label>Name <input name="name" required maxlength="200"></label> <button>New project</button>
</form>`))
  })

  app.post('/files/team/:team/projects', async (c) => {
    const team = c.req.param('team')
    const { name } = await c.req.parseBody()
    if (store.teams.get(team) === undefined) return c.notFound()
    if (typeof name !== 'string' || name.trim() === '') return c.text('a project needs a name', 400)
    store.addProject(team, name.trim())
    return c.redirect(`/files/team/${team}`, 303)
  })

  app.get('/files/project/:project', (c) => {
    const project = store.projects.get(c.req.param('project'))
    if (project === undefined) return c.notFound()
    const team = store.teams.get(project.team)?.name ?? 'Team'
    return c.html(page(project.name, html`<h1><a href="/files/team/${project.team}">${team}</a> / ${project.name}</h1>
<p><small>No file yet.</small></p>`))
  })
  return app
}
