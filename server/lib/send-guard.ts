import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe } from 'node:diagnostics_channel'

/**
 * Stops an HTTP request at the last moment before it leaves. A connection takes a while to open, and the process may be
 * frozen meanwhile: what was checked before does not hold any more.
 */
interface Guard { maySend: () => boolean, hasStopped: boolean }

const guards = new AsyncLocalStorage<Guard>()
/** undici sends a request outside the async context of its caller. */
const guardOf = new WeakMap<object, Guard>()

// Both the fetch of Node and the undici of discord.js publish on these channels, synchronously.
subscribe('undici:request:create', (message) => {
  const guard = guards.getStore()
  if (guard) guardOf.set((message as { request: object }).request, guard)
})
subscribe('undici:client:sendHeaders', (message) => {
  const { request, socket } = message as { request: object, socket: { destroy: (error: Error) => void } }
  const guard = guardOf.get(request)
  if (!guard || guard.maySend()) return
  guard.hasStopped = true
  socket.destroy(new Error('The call must not be made any more.'))
})

/** A request of the call was stopped before it left. */
export class SendStopped extends Error {}

/**
 * Makes a call whose HTTP requests leave only while `maySend` says so.
 * @throws SendStopped when one did not
 */
export async function guarded<T>(maySend: () => boolean, call: () => Promise<T>): Promise<T> {
  const guard: Guard = { maySend, hasStopped: false }
  try {
    return await guards.run(guard, call)
  }
  catch (error) {
    throw guard.hasStopped ? new SendStopped('A request was stopped before it left.', { cause: error }) : error
  }
}
