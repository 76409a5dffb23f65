import { defineEventHandler, type H3Event } from 'h3'
import { defineNitroPlugin } from 'nitropack/runtime'
import { isTracing, traceRequest } from '../lib/tracing'

/** Event streams last for hours, and what monitors ask for is no news. */
const TRACED = /^\/(?:api|scheduled)\/(?!events\b|runs\/[^/]+\/events\b)/

/** Handles requests within spans, where these are exported. */
export default defineNitroPlugin(({ h3App }) => {
  if (!isTracing()) return
  const { handler } = h3App
  h3App.handler = defineEventHandler(event => TRACED.test(event.path) ? traced(event, () => handler(event)) : handler(event))
})

function traced(event: H3Event, handle: () => Promise<unknown>): Promise<unknown> {
  const { method, node: { req, res } } = event
  const traceparent = [req.headers.traceparent].flat()[0]
  const tracestate = [req.headers.tracestate].flat().join(',')
  return traceRequest(
    { name: method, kind: 'server', attributes: { 'http.request.method': method, 'url.path': event.path.split('?', 1)[0] } },
    { ...traceparent && { traceparent, ...tracestate && { tracestate } } },
    end => res.once('close', () => end({
      attributes: { 'http.response.status_code': res.statusCode },
      failed: res.statusCode >= 500 ? String(res.statusCode) : res.writableFinished ? undefined : 'aborted',
    })),
    handle,
  )
}
