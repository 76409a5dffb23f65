import { AsyncLocalStorage } from 'node:async_hooks'
import { randomInt, randomUUID } from 'node:crypto'
import { vi } from 'vitest'

/** The modules of one process: they know nothing of those of another, and take only their own errors for such. */
async function loadModules() {
  vi.resetModules()
  const { attempt } = await import('../../../../server/ledger/attempt.ts')
  const { ensure } = await import('../../../../server/ledger/ensure.ts')
  const { keepLeases } = await import('../../../../server/ledger/leases.ts')
  const { ProviderError } = await import('../../../../server/lib/errors.ts')
  const { instrumented } = await import('../../../../server/lib/instrumentation.ts')
  return { attempt, ensure, keepLeases, ProviderError, instrumented }
}

export type ProcessModules = Awaited<ReturnType<typeof loadModules>>

/** What the server keeps for each process, and not for each module. */
interface Identity {
  process: { id: string, lockKey: number, isDraining: boolean }
  leases: { live: Set<unknown>, orphaned: unknown[] }
}

const newIdentity = (): Identity => ({
  process: { id: randomUUID(), lockKey: randomInt(2 ** 31 - 1), isDraining: false },
  leases: { live: new Set(), orphaned: [] },
})

const own = newIdentity()
const current = new AsyncLocalStorage<Identity>()
const identity = () => current.getStore() ?? own

Object.defineProperty(globalThis, '__atelierProcess', { configurable: true, get: () => identity().process })
Object.defineProperty(globalThis, '__atelierLeases', { configurable: true, get: () => identity().leases })

/** A process beside this one. The two share nothing but the database. */
export interface OtherProcess {
  id: string
  lockKey: number
  /** Does work as that process, with its modules. */
  run: <T>(work: (modules: ProcessModules) => T) => T
}

/** Makes a process beside this one, as far as the ledger can tell. */
export async function newProcess(): Promise<OtherProcess> {
  const modules = await loadModules()
  const its = newIdentity()
  return { id: its.process.id, lockKey: its.process.lockKey, run: work => current.run(its, () => work(modules)) }
}
