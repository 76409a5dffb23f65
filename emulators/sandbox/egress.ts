import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { chmod, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { connect, isIP, type Socket } from 'node:net'
import { allowsAddress, allowsName, isPrivate, type NetworkPolicy } from './policy.ts'

const CONNECT_TIMEOUT_MS = 10_000

export interface Egress { close: () => void }

interface Rules {
  /** Asked for each connection: the policy of a running sandbox may change. */
  policy: () => NetworkPolicy
  /** Servers of this machine that a sandbox may reach, as `127.0.0.1:4500`: other emulators. */
  reachable: () => string[]
}

class Denied extends Error {}

/**
 * The proxy of one sandbox, on a socket of its own. It connects to what the policy allows, and never to this machine or its
 * networks, apart from the emulators.
 */
export async function startEgress(socket: string, rules: Rules): Promise<Egress> {
  const server = createServer((incoming, outgoing) => {
    forward(incoming, outgoing, rules).catch((error: unknown) => {
      if (!outgoing.headersSent) outgoing.writeHead(statusOf(error), { 'content-type': 'text/plain' })
      outgoing.end(messageOf(error))
    })
  })
  server.on('connect', (incoming: IncomingMessage, inside: Socket, head: Buffer) => {
    inside.on('error', () => inside.destroy())
    tunnel(incoming.url ?? '', inside, head, rules).catch((error: unknown) => {
      inside.end(`HTTP/1.1 ${statusOf(error)} Refused\r\ncontent-type: text/plain\r\n\r\n${messageOf(error)}`)
    })
  })
  await rm(socket, { force: true })
  await once(server.listen(socket), 'listening')
  await chmod(socket, 0o600)
  return {
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

const statusOf = (error: unknown) => error instanceof Denied ? 403 : 502
const messageOf = (error: unknown) => `${error instanceof Error ? error.message : String(error)}\n`

/** The address to connect to. A name is looked up once, so that it cannot be another one's when it is used. */
async function addressOf(host: string, port: number, { policy, reachable }: Rules): Promise<string> {
  const denied = () => new Denied(`The network policy of this sandbox does not allow ${host}:${port}.`)
  const now = policy()
  const isNameAllowed = allowsName(now, host)
  if (now.mode === 'deny-all' || (!isNameAllowed && isIP(host) === 0 && !('allowedCIDRs' in now))) throw denied()
  const found = isIP(host) ? [{ address: host }] : await lookup(host, { all: true })
  const allowed = found.find(({ address }) => allowsAddress(now, address, isNameAllowed)
    && (!isPrivate(address) || reachable().includes(`${address}:${port}`)))
  if (allowed === undefined) throw denied()
  return allowed.address
}

const unbracketed = (host: string) => host.replace(/^\[(.*)\]$/, '$1')

async function tunnel(target: string, inside: Socket, head: Buffer, rules: Rules): Promise<void> {
  const { hostname, port } = new URL(`http://${target}`)
  const number = Number(port || 80)
  const host = await addressOf(unbracketed(hostname), number, rules)
  const outside = connect({ host, port: number, timeout: CONNECT_TIMEOUT_MS })
  await once(outside, 'connect')
  outside.setTimeout(0)
  inside.write('HTTP/1.1 200 Connection established\r\n\r\n')
  outside.write(head)
  outside.on('error', () => inside.destroy())
  inside.on('close', () => outside.destroy())
  outside.pipe(inside).pipe(outside)
}

async function forward(incoming: IncomingMessage, outgoing: ServerResponse, rules: Rules): Promise<void> {
  const url = URL.parse(incoming.url ?? '')
  if (url?.protocol !== 'http:') throw new Denied('This is a proxy: ask it for a whole address.')
  const port = Number(url.port || 80)
  const host = await addressOf(unbracketed(url.hostname), port, rules)
  const { 'proxy-connection': _, 'proxy-authorization': __, connection: ___, ...headers } = incoming.headers
  const passed = request({ host, port, method: incoming.method, path: url.pathname + url.search, headers: { ...headers, host: url.host } })
  passed.setTimeout(CONNECT_TIMEOUT_MS, () => {
    if (!passed.socket || passed.socket.connecting) passed.destroy(new Error(`${url.host} does not answer.`))
  })
  incoming.pipe(passed)
  outgoing.once('close', () => passed.destroy())
  const [answer] = await once(passed, 'response') as [IncomingMessage]
  outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
  answer.on('error', () => outgoing.destroy())
  answer.pipe(outgoing)
}
