import { randomInt, randomUUID } from 'node:crypto'

interface ThisProcess { id: string, lockKey: number, isDraining: boolean }

// In development steps are bundled apart from the server: the process, not the module, has the identity.
const shared = globalThis as typeof globalThis & { __atelierProcess?: ThisProcess }

/** The identity of this process to others: its id, and the number of the session lock that proves it alive. */
export const thisProcess = (): ThisProcess =>
  shared.__atelierProcess ??= { id: randomUUID(), lockKey: randomInt(2 ** 31 - 1), isDraining: false }

/** Whether this process is draining: it finishes its current work, and starts nothing new. */
export const isDraining = (): boolean => thisProcess().isDraining

/** Marks this process as draining. */
export function startDraining(): void {
  thisProcess().isDraining = true
}
