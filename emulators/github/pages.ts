import { Hono } from 'hono'
import type { App } from '../core/pipeline.ts'
import type { Hub } from './hub.ts'

/** Readable web pages, so that every `html_url` opens. */
export function pageRoutes(hub: Hub): App {
  const app: App = new Hono()
  app.get('/', c => c.text(`GitHub emulator, API at ${hub.apiUrl}`))
  return app
}
