import type { HttpBindings } from '@hono/node-server'
import { setTimeout as sleep } from 'node:timers/promises'
import { drop, isDisconnected, onDisconnect } from './connection.ts'
import type { Fault, Faults } from './faults.ts'
import { json } from './response.ts'

/** The parts of a service that fault injection uses. */
interface FaultyService {
  faults: Faults
  faultBody: (status: number, headers: Record<string, string>) => unknown
}

/** Injects a fault into a call. @returns the faulty answer, or undefined when the call goes on normally */
export async function applyFault(http: HttpBindings, fault: Fault, service: FaultyService): Promise<Response | undefined> {
  if (fault.action === 'status') {
    service.faults.recordHit(fault)
    const headers = fault.headers ?? {}
    const status = fault.status ?? 500
    return json(fault.body ?? service.faultBody(status, headers), status, headers)
  }
  if (fault.action === 'drop') {
    const answer = drop(http)
    service.faults.recordHit(fault)
    return answer
  }
  if (fault.action === 'delay') {
    service.faults.recordHit(fault)
    await sleep(fault.ms ?? 0)
    return isDisconnected(http) && fault.when === 'before' ? drop(http) : undefined
  }
  return await hold(http, fault, service)
}

/** Cuts a streamed answer off: the client gets its head and what is sent within `ms` milliseconds. */
export function cut(http: HttpBindings, fault: Fault, answer: Response, service: Pick<FaultyService, 'faults'>): Response {
  service.faults.recordHit(fault)
  setTimeout(() => drop(http), fault.ms ?? 0)
  return answer
}

/**
 * Holds a call until the client disconnects or the fault is removed.
 * @returns an unread answer after a disconnect; undefined after a removal
 */
async function hold(http: HttpBindings, fault: Fault, service: FaultyService): Promise<Response | undefined> {
  const disconnected = Promise.withResolvers<unknown>()
  const stopListening = onDisconnect(http, () => disconnected.resolve(undefined))
  service.faults.recordHit(fault)
  try {
    while (!isDisconnected(http) && service.faults.get(fault.id) !== undefined) {
      const change = service.faults.change(fault.id)
      await Promise.race([disconnected.promise, change.promise])
      change.cancel()
    }
  }
  finally {
    stopListening()
  }
  return isDisconnected(http) ? drop(http) : undefined
}
