import { defineEventHandler } from 'h3'
import { problem } from '../http/problem'

/** Whatever no handler knows; without it the dashboard's page would answer. */
export default defineEventHandler((event) => {
  throw problem({
    status: 404,
    code: 'NO_SUCH_ROUTE',
    detail: `There is no ${event.method} ${event.path.split('?')[0]}.`,
    why: 'The path or the method is none that Atelier has.',
    fix: 'Compare it with /api/docs.',
  })
})
