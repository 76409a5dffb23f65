import { randomInt, randomUUID } from 'node:crypto'

interface ThisProcess { id: string, lockKey: number, leaving: boolean }

// In development steps are bundled apart from the server: the process, not the module, has the identity.
const shared = globalThis as typeof globalThis & { __atelierProcess?: ThisProcess }

/** Who this process is to others: its id, and the number of the session lock that shows it is alive. */
export const thisProcess = (): ThisProcess => shared.__atelierProcess ??= { id: randomUUID(), lockKey: randomInt(2 ** 31 - 1), leaving: false }

/** Whether this process was told to end: what it is at it finishes, and begins nothing new. */
export const isDraining = (): boolean => thisProcess().leaving

/** This process was told to end. */
export function startDraining(): void {
  thisProcess().leaving = true
}
