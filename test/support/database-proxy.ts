import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { readFrames, type Frame } from './pg-frames.ts'

/** Whether a statement counts; `connection` is the same object for the same connection. */
export type Matches = (statement: string, connection: object) => boolean

/** A proxy of PostgreSQL in which one statement can be kept waiting, so that a process can be killed or frozen right before it. */
export interface DatabaseProxy {
  /** Connection string of the database through the proxy. */
  url: string
  /**
   * From now on holds the n-th of the statements that match, and what follows on its connection.
   * @returns resolves with the statement when it is held
   */
  hold(nth: number, matches: Matches): Promise<string>
  /** Lets everything pass that is held. */
  release(): void
  close(): Promise<void>
}

interface Connection { client: Socket, server: Socket, names: Map<string, string>, held: boolean, waiting: Buffer[] }

const untyped = new Set([80_877_103, 80_877_104])

/** Starts a proxy of a database. */
export async function startDatabaseProxy(databaseUrl: string): Promise<DatabaseProxy> {
  const { hostname, port } = new URL(databaseUrl)
  const connections = new Set<Connection>()
  let wanted = Infinity
  let matches: Matches = () => false
  let seen = 0
  let reached = Promise.withResolvers<string>()

  /** The statement that a message has PostgreSQL execute, if it does. */
  function statementOf({ names }: Connection, { type, bytes }: Frame): string | undefined {
    const texts = bytes.subarray(5).toString('latin1').split('\0')
    if (type === 'P') names.set(texts[0]!, texts[1]!)
    if (type === 'Q') return texts[0]
    return type === 'B' ? names.get(texts[1]!) : undefined
  }

  function forward(connection: Connection, frame: Frame): void {
    if (connection.held) return void connection.waiting.push(frame.bytes)
    const statement = statementOf(connection, frame)
    if (statement !== undefined && matches(statement, connection) && ++seen === wanted) {
      connection.held = true
      connection.waiting.push(frame.bytes)
      return reached.resolve(statement)
    }
    connection.server.write(frame.bytes)
  }

  const proxy = createServer((client) => {
    const server = connect(Number(port), hostname)
    const connection: Connection = { client, server, names: new Map(), held: false, waiting: [] }
    connections.add(connection)
    let greeted = false
    readFrames(client, (frame) => {
      if (!greeted && !untyped.has(frame.bytes.readUInt32BE(4))) greeted = true
      forward(connection, frame)
    }, () => greeted)
    server.pipe(client)
    const end = () => {
      connections.delete(connection)
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) socket.on('error', () => {}).on('close', end)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')

  const url = new URL(databaseUrl)
  url.host = `127.0.0.1:${(proxy.address() as { port: number }).port}`
  return {
    url: url.href,
    hold(nth, matching) {
      wanted = nth
      matches = matching
      seen = 0
      reached = Promise.withResolvers<string>()
      return reached.promise
    },
    release() {
      for (const connection of connections) {
        connection.held = false
        for (const bytes of connection.waiting.splice(0)) connection.server.write(bytes)
      }
    },
    async close() {
      for (const { client } of connections) client.destroy()
      proxy.close()
      await once(proxy, 'close')
    },
  }
}
