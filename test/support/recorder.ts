import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, request } from 'node:http'
import { buffer } from 'node:stream/consumers'

/** A message as it was on its way. */
export interface Message { path: string, headers: IncomingHttpHeaders, body: Buffer }

/** Stands between a process and itself and writes down what it sends, as somebody who listens on the loopback interface would. */
export interface Recorder {
  port: number
  messages: Message[]
  /** Where everything goes on to. */
  passTo(port: number): void
  close(): Promise<void>
}

/** Starts a recorder on a port of its own. */
export async function startRecorder(): Promise<Recorder> {
  const messages: Message[] = []
  let target = 0
  const server = createServer(async (incoming, outgoing) => {
    const { url: path = '/', method, headers } = incoming
    const body = await buffer(incoming)
    messages.push({ path, headers, body })
    request({ host: '127.0.0.1', port: target, path, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(outgoing)
    }).on('error', () => outgoing.destroy()).end(body)
  })
  server.listen(0, 'localhost')
  await once(server, 'listening')
  return {
    port: (server.address() as { port: number }).port,
    messages,
    passTo: (port) => {
      target = port
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Sends a message as it was recorded, with what is changed. */
export const replay = (port: number, { path, headers, body }: Message) => new Promise<number>((resolve, reject) => {
  const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined))
  const outgoing = request({ host: '127.0.0.1', port, path, method: 'POST', headers: given }, (answer) => {
    answer.resume().on('end', () => resolve(answer.statusCode!))
  })
  outgoing.on('error', reject).end(body)
})
