import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { json } from 'node:stream/consumers'

type Value = { stringValue?: string, intValue?: number | string, doubleValue?: number, boolValue?: boolean }
interface KeyValue { key: string, value: Value }
interface SentSpan {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  attributes: KeyValue[]
  links?: { traceId: string, spanId: string }[]
  status?: { code?: number, message?: string }
  startTimeUnixNano: string
  endTimeUnixNano: string
}
interface Export { resourceSpans: { resource: { attributes: KeyValue[] }, scopeSpans: { spans: SentSpan[] }[] }[] }

/** A span as a collector gets it, with plain attributes. */
export interface CollectedSpan extends Omit<SentSpan, 'attributes'> {
  attributes: Record<string, unknown>
  service: Record<string, unknown>
}

/** A collector of spans on the loopback interface: OTLP over HTTP with JSON. */
export interface Collector {
  url: string
  spans: CollectedSpan[]
  /** Headers and text of each export. */
  exports: { headers: IncomingHttpHeaders, text: string }[]
  close(): Promise<void>
}

const plain = (attributes: KeyValue[]) => Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

/** Starts a collector. @param behaviour `hang`: it never answers; `refuse`: it answers 503 */
export async function startCollector(behaviour: 'take' | 'hang' | 'refuse' = 'take'): Promise<Collector> {
  const spans: CollectedSpan[] = []
  const exports: Collector['exports'] = []
  const server = createServer(async (request, response) => {
    const sent = await json(request) as Export
    exports.push({ headers: request.headers, text: JSON.stringify(sent) })
    if (behaviour === 'hang') return
    if (behaviour === 'refuse' || request.url !== '/v1/traces') return response.writeHead(503).end()
    for (const { resource, scopeSpans } of sent.resourceSpans) for (const { spans: group } of scopeSpans)
      spans.push(...group.map(span => ({ ...span, attributes: plain(span.attributes), service: plain(resource.attributes) })))
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    spans,
    exports,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
