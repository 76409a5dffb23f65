import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import pg from 'pg'
import { readFrames, type Frame } from './pg-frames.ts'

/**
 * A transaction pooler, as PgBouncer in its transaction mode is: every transaction gets whichever
 * session has been idle for longest, and none is cleaned in between. What needs a session of its
 * own fails behind it, or finds what others left there.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export interface Pooler {
  /** Connection string of the database through the pooler. */
  url: string
  /** What clients did that belongs to a session: each named statement, LISTEN, session lock and setting. */
  sessionUses: string[]
  /** Transactions carried, and how many of a client's went to another session than the one before. */
  transactions(): number
  swaps(): number
  /** Ends what comes from clients, as an outage of the pooler does; it takes new ones at once. */
  dropClients(): void
  close(): Promise<void>
}

interface Session { socket: Socket, client?: Client }

interface Client {
  socket: Socket
  session?: Session
  last?: Session
  /** Messages that PostgreSQL answers with ReadyForQuery, less those it has answered. */
  open: number
  waiting: Frame[]
}

const SSL_REQUEST = 80_877_103
const GSS_REQUEST = 80_877_104
const BELONGS_TO_A_SESSION = /^\s*listen\b|^\s*set\s+(?!local\b|transaction\b)|\bpg_(try_)?advisory_lock\(/i

const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

const message = (type: string, ...parts: (string | number)[]): Buffer => {
  const body = Buffer.concat(parts.map(part => typeof part === 'string' ? Buffer.from(`${part}\0`) : uint32(part)))
  return Buffer.concat([Buffer.from(type), uint32(body.length + 4), body])
}

const greeting = Buffer.concat([
  message('R', 0),
  ...Object.entries({
    server_version: '18.0', client_encoding: 'UTF8', DateStyle: 'ISO, MDY',
    TimeZone: 'UTC', integer_datetimes: 'on', standard_conforming_strings: 'on',
  }).map(([name, value]) => message('S', name, value)),
  message('K', 1, 1),
  Buffer.from('Z\0\0\0\x05I'),
])

/** Starts a pooler of `size` sessions before a database. */
export async function startPooler(databaseUrl: string, size = 3): Promise<Pooler> {
  const clients = new Set<Client>()
  const waiting: Client[] = []
  const sessionUses: string[] = []
  let transactions = 0
  let swaps = 0
  let closing = false
  const idle: Session[] = await Promise.all(Array.from({ length: size }, () => openSession()))
  const sessions = new Set(idle)

  /** A connection that the driver has made and signed in, and that is ours from then on. */
  async function openSession(): Promise<Session> {
    const driver = new pg.Client({ connectionString: databaseUrl, application_name: 'pooler' })
    await driver.connect()
    const { stream: socket } = (driver as unknown as { connection: { stream: Socket } }).connection
    socket.removeAllListeners()
    const session: Session = { socket }
    readFrames(socket, frame => fromSession(session, frame))
    socket.on('error', () => {})
    socket.on('close', () => void lose(session))
    return session
  }

  async function lose(session: Session): Promise<void> {
    sessions.delete(session)
    const at = idle.indexOf(session)
    if (at >= 0) idle.splice(at, 1)
    session.client?.socket.destroy()
    if (closing) return
    const next = await openSession()
    sessions.add(next)
    release(next)
  }

  function fromSession(session: Session, frame: Frame): void {
    const { client } = session
    if (!client) return
    client.socket.write(frame.bytes)
    if (frame.type !== 'Z') return
    client.open -= 1
    if (client.open > 0 || frame.bytes[5] !== 'I'.charCodeAt(0)) return
    transactions += 1
    client.session = undefined
    client.last = session
    release(session)
  }

  function release(session: Session): void {
    session.client = undefined
    const next = waiting.shift()
    if (next) serve(next, session)
    else idle.push(session)
  }

  function serve(client: Client, session: Session): void {
    if (client.last && client.last !== session) swaps += 1
    client.session = session
    session.client = client
    for (const frame of client.waiting.splice(0)) forward(client, session, frame)
  }

  function forward(client: Client, session: Session, { type, bytes }: Frame): void {
    if (type === 'Q' || type === 'S' || type === 'F') client.open += 1
    session.socket.write(bytes)
  }

  function fromClient(client: Client, frame: Frame): void {
    if (frame.type === 'X') return void client.socket.end()
    note(frame)
    if (client.session) return forward(client, client.session, frame)
    client.waiting.push(frame)
    if (client.waiting.length > 1) return
    const session = idle.shift()
    if (session) serve(client, session)
    else waiting.push(client)
  }

  function note({ type, bytes }: Frame): void {
    if (type !== 'P' && type !== 'Q') return
    const text = bytes.subarray(5).toString('latin1').split('\0')
    const [name, query] = type === 'P' ? [text[0]!, text[1]!] : ['', text[0]!]
    if (name) sessionUses.push(`statement ${name}: ${query}`)
    else if (BELONGS_TO_A_SESSION.test(query)) sessionUses.push(query)
  }

  const server = createServer((socket) => {
    const client: Client = { socket, open: 0, waiting: [] }
    clients.add(client)
    let greeted = false
    readFrames(socket, (frame) => {
      if (greeted) return fromClient(client, frame)
      const request = frame.bytes.readUInt32BE(4)
      if (request === SSL_REQUEST || request === GSS_REQUEST) return void socket.write('N')
      greeted = true
      socket.write(greeting)
    }, () => greeted)
    socket.on('error', () => {})
    socket.on('close', () => {
      clients.delete(client)
      const at = waiting.indexOf(client)
      if (at >= 0) waiting.splice(at, 1)
      // Whatever it was in the middle of is rolled back.
      client.session?.socket.destroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const url = new URL(databaseUrl)
  url.host = `127.0.0.1:${(server.address() as { port: number }).port}`
  return {
    url: url.href,
    sessionUses,
    transactions: () => transactions,
    swaps: () => swaps,
    dropClients: () => clients.forEach(({ socket }) => socket.destroy()),
    async close() {
      closing = true
      for (const { socket } of [...clients, ...sessions]) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
