import { once } from 'node:events'
import { connect, createServer } from 'node:net'

/** The port of the sandbox's own loopback on which its proxy listens. */
export const PROXY_PORT = 8118

/** The only way out of a sandbox without a network: each connection to the proxy's port goes to the emulator, which decides. */
export async function startBridge(socket: string): Promise<void> {
  const server = createServer((inside) => {
    const outside = connect(socket)
    inside.pipe(outside).pipe(inside)
    inside.on('error', () => outside.destroy())
    outside.on('error', () => inside.destroy())
  })
  await once(server.listen(PROXY_PORT, '127.0.0.1'), 'listening')
}
