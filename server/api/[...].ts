import { defineEventHandler } from 'h3'
import { problem } from '../http/problem'

/** Answers requests that no handler takes; without it the dashboard's page would answer. */
export default defineEventHandler((event) => {
  throw problem('NO_SUCH_ROUTE', { method: event.method, path: event.path.split('?')[0]! })
})
