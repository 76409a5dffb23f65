import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { readFrames, type Frame } from './pg-frames.ts'

/** Whether a statement counts; `way` stands for its connection. */
export type Matches = (statement: string, way: object) => boolean

/** A way to PostgreSQL on which one statement can be kept waiting, so that a process can be killed or frozen right before it. */
export interface Gate {
  /** Connection string of the database through the gate. */
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

interface Way { client: Socket, server: Socket, names: Map<string, string>, held: boolean, waiting: Buffer[] }

const untyped = new Set([80_877_103, 80_877_104])

/** Opens a gate before a database. */
export async function openGate(databaseUrl: string): Promise<Gate> {
  const { hostname, port } = new URL(databaseUrl)
  const ways = new Set<Way>()
  let wanted = Infinity
  let matches: Matches = () => false
  let seen = 0
  let reached = Promise.withResolvers<string>()

  /** The statement that a message has PostgreSQL execute, if it does. */
  function statementOf({ names }: Way, { type, bytes }: Frame): string | undefined {
    const texts = bytes.subarray(5).toString('latin1').split('\0')
    if (type === 'P') names.set(texts[0]!, texts[1]!)
    if (type === 'Q') return texts[0]
    return type === 'B' ? names.get(texts[1]!) : undefined
  }

  function pass(way: Way, frame: Frame): void {
    if (way.held) return void way.waiting.push(frame.bytes)
    const statement = statementOf(way, frame)
    if (statement !== undefined && matches(statement, way) && ++seen === wanted) {
      way.held = true
      way.waiting.push(frame.bytes)
      return reached.resolve(statement)
    }
    way.server.write(frame.bytes)
  }

  const gate = createServer((client) => {
    const server = connect(Number(port), hostname)
    const way: Way = { client, server, names: new Map(), held: false, waiting: [] }
    ways.add(way)
    let greeted = false
    readFrames(client, (frame) => {
      if (!greeted && !untyped.has(frame.bytes.readUInt32BE(4))) greeted = true
      pass(way, frame)
    }, () => greeted)
    server.pipe(client)
    const end = () => {
      ways.delete(way)
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) socket.on('error', () => {}).on('close', end)
  })
  gate.listen(0, '127.0.0.1')
  await once(gate, 'listening')

  const url = new URL(databaseUrl)
  url.host = `127.0.0.1:${(gate.address() as { port: number }).port}`
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
      for (const way of ways) {
        way.held = false
        for (const bytes of way.waiting.splice(0)) way.server.write(bytes)
      }
    },
    async close() {
      for (const { client } of ways) client.destroy()
      gate.close()
      await once(gate, 'close')
    },
  }
}
