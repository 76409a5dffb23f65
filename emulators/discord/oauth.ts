import { Hono } from 'hono'
import type { App } from '../core/pipeline.ts'
import type { Hub } from './hub.ts'

/** The page on which a person adds the bot to a server. */
export function oauthRoutes(hub: Hub): App {
  const app: App = new Hono()
  app.get('/', c => c.text(`Discord emulator, API at ${hub.apiUrl}`))
  return app
}
