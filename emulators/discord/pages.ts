import { Hono } from 'hono'
import type { App } from '../core/pipeline.ts'
import type { Hub } from './hub.ts'

/** Readable web pages of the guilds. */
export function pageRoutes(_hub: Hub): App {
  return new Hono()
}
