import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { codeOf } from './errors.ts'

function listen(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', error => ['EADDRINUSE', 'EACCES'].includes(codeOf(error) ?? '') ? resolve(undefined) : reject(error))
    server.listen({ port, host, exclusive: true }, () => {
      const { port: bound } = server.address() as AddressInfo
      server.close(() => resolve(bound))
    })
  })
}

/** Whether nobody listens on this port of the loopback interface, in IPv4 and, where there is one, in IPv6. */
export async function isFree(port: number): Promise<boolean> {
  if (await listen(port, '127.0.0.1') === undefined) return false
  return await listen(port, '::1').catch(() => port) !== undefined
}

/** A port of 127.0.0.1 that is free now: the preferred one if it is, else any. */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred && await isFree(preferred)) return preferred
  const port = await listen(0, '127.0.0.1')
  if (port === undefined) throw new Error('This machine has no free port.')
  return port
}

/** Waits until a port is free; whether it came to be. */
export async function becomesFree(port: number, patienceMs: number): Promise<boolean> {
  for (const deadline = Date.now() + patienceMs; !await isFree(port); await wait(50))
    if (Date.now() > deadline) return false
  return true
}
