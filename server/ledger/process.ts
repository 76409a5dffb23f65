import { randomInt, randomUUID } from 'node:crypto'

interface ThisProcess { id: string, lockKey: number }

// In development steps are bundled apart from the server: the process, not the module, has the identity.
const shared = globalThis as typeof globalThis & { __atelierProcess?: ThisProcess }

/** Who this process is to others: its id, and the number of the session lock that shows it is alive. */
export const thisProcess = (): ThisProcess => shared.__atelierProcess ??= { id: randomUUID(), lockKey: randomInt(2 ** 31 - 1) }
