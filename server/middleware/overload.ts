import { defineEventHandler } from 'h3'
import { acceptRequest } from '../http/overload'
import { toAnswer } from '../http/problem'

/** Not counted: signing in must stay possible, and streams stay open. */
const UNCOUNTED = /^\/api\/(session\b|events\b|runs\/[^/]+\/events\b)/

export default defineEventHandler((event) => {
  if (!event.path.startsWith('/api/') || UNCOUNTED.test(event.path)) return
  try {
    acceptRequest(event.method, event.node.res)
  }
  catch (error) {
    throw toAnswer(event, error)
  }
})
