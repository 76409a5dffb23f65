import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { codeOf } from './errors.ts'

function listen(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error) => {
      const isTaken = ['EADDRINUSE', 'EACCES'].includes(codeOf(error) ?? '')
      return isTaken ? resolve(undefined) : reject(error)
    })
    server.listen({ port, host, exclusive: true }, () => {
      const { port: bound } = server.address() as AddressInfo
      server.close(() => resolve(bound))
    })
  })
}

/** Whether no program listens on this port of the loopback interface, in IPv4 and, where available, in IPv6. */
export async function isFree(port: number): Promise<boolean> {
  if (await listen(port, '127.0.0.1') === undefined) return false
  return await listen(port, '::1').catch(() => port) !== undefined
}

/** A free port of 127.0.0.1: the preferred one if possible, else any. */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred && await isFree(preferred)) return preferred
  const port = await listen(0, '127.0.0.1')
  if (port === undefined) throw new Error('This machine has no free port.')
  return port
}

/** Waits until a port is free. @returns false after the timeout */
export async function waitUntilFree(port: number, timeoutMs: number): Promise<boolean> {
  for (const deadline = Date.now() + timeoutMs; !await isFree(port); await wait(50))
    if (Date.now() > deadline) return false
  return true
}
