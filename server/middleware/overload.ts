import { defineEventHandler } from 'h3'
import { takeOn } from '../http/overload'
import { toAnswer } from '../http/problem'

/** Signing in stays possible, and streams last: they are not counted among the requests. */
const UNCOUNTED = /^\/api\/(session\b|events\b|runs\/[^/]+\/events\b)/

export default defineEventHandler((event) => {
  if (!event.path.startsWith('/api/') || UNCOUNTED.test(event.path)) return
  try {
    takeOn(event.method, event.node.res)
  }
  catch (error) {
    throw toAnswer(event, error)
  }
})
