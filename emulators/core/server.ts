import { createAdaptorServer } from '@hono/node-server'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { App } from './pipeline.ts'

const LOOPBACK_HOSTS = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** A listening server. */
export interface Listening {
  port: number
  close(): Promise<void>
}

/** Serves `app` on 127.0.0.1; rejects when the port is taken. */
export async function listen(app: App, port: number): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  // A client may send on an idle connection just as the server closes it. To the client that looks like a dropped call.
  server.keepAliveTimeout = 120_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    }),
  }
}

/**
 * Refuses requests of other sites' web pages, because the control routes need no credentials. Such requests have
 * another host name (DNS rebinding) or a foreign Origin.
 */
export function loopbackOnly(app: App): void {
  app.use(async (c, next) => {
    const origin = c.req.header('origin')
    const isForeign = !isLoopback(c.req.url) || (origin !== undefined && !isLoopback(origin))
    if (isForeign) return c.text('the emulator answers on loopback only', 403)
    await next()
  })
}

/** Whether a URL is of this machine. */
export function isLoopback(url: string): boolean {
  return LOOPBACK_HOSTS.has(URL.parse(url)?.hostname ?? '')
}
