import type { H3Event } from 'h3'
import { defineNitroPlugin } from 'nitropack/runtime'
import { requestContext } from '../lib/request-context'
import { REQUEST_ID, requestIdFor } from './request-id'

/** Requests of the process to itself: what they do comes of the request that started the run. */
const RUNTIME = '/.well-known/workflow/'

/** Gives each request its id: in the header of its answer, whatever that is, and in the async context of all that it does. */
export default defineNitroPlugin(({ h3App }) => {
  const { handler } = h3App
  h3App.handler = Object.assign((event: H3Event) => {
    const requestId = requestIdFor(event.node.req.headers[REQUEST_ID])
    event.node.res.setHeader(REQUEST_ID, requestId)
    const context = event.path.startsWith(RUNTIME) ? undefined : { requestId, runIds: [] }
    return requestContext.run(context, () => handler(event))
  }, handler)
})
