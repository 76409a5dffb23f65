import { AsyncLocalStorage } from 'node:async_hooks'
import type { AuditEntry } from '../../shared/schemas/audit'

/** One call to an outside service, as its client saw it. Carries no body and no credential. */
export type OutsideCall = Pick<AuditEntry, 'service' | 'action' | 'target' | 'result' | 'statusCode' | 'durationMs' | 'errorMessage'> & { at: Date }

/** Who is asked before a call goes out, and hears of it afterwards. */
export interface CallInstrumentation {
  /** Throws when the call must not be made. */
  before?: () => Promise<void>
  hear: (call: OutsideCall) => void
}

/**
 * Who listens to the calls made within: set around the work by the ledger, told by the clients.
 * An async context, so that calls made side by side reach their own listener.
 */
export const callInstrumentation = new AsyncLocalStorage<CallInstrumentation>()

/**
 * Asks the listener, makes one call, times it and tells the listener of it, whatever its outcome.
 * @param statusOf reads the HTTP status out of an answer or an error; null when none came.
 */
export async function instrumented<T>(
  about: Pick<OutsideCall, 'service' | 'action' | 'target'>,
  statusOf: (outcome: unknown) => number | null,
  call: () => Promise<T>,
): Promise<T> {
  const listener = callInstrumentation.getStore()
  await listener?.before?.()
  const at = new Date()
  const tell = (outcome: unknown, error?: unknown) => listener?.hear({
    ...about,
    at,
    result: error === undefined ? 'SUCCESS' : 'FAILURE',
    statusCode: statusOf(outcome),
    durationMs: Date.now() - at.getTime(),
    errorMessage: error === undefined ? null : error instanceof Error ? error.message : String(error),
  })
  try {
    const answer = await call()
    tell(answer)
    return answer
  }
  catch (error) {
    tell(error, error)
    throw error
  }
}
