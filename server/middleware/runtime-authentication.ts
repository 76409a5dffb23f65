import { defineEventHandler } from 'h3'
import { problem } from '../http/problem'
import { isUnauthorized } from '../engine/runtime/authentication'

export default defineEventHandler((event) => {
  if (isUnauthorized(event.path, event.node.req.headers)) throw problem('RUNTIME_ONLY')
})
