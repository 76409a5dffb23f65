import { defineEventHandler } from 'h3'
import { problem } from '../http/problem'
import { isUnauthorized } from '../engine/runtime/authentication'

export default defineEventHandler((event) => {
  if (isUnauthorized(event.path, event.node.req.headers)) throw problem({
    status: 401,
    code: 'RUNTIME_ONLY',
    detail: 'These routes belong to the workflow runtime.',
    why: 'A message here runs steps, so only the process itself may send one.',
    fix: 'Start and follow runs through the API: /api/docs.',
  })
})
