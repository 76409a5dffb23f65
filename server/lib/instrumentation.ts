import { AsyncLocalStorage } from 'node:async_hooks'
import type { AuditEntry } from '../../shared/schemas/audit'

/** One call to an outside service, as its client saw it. It contains no body and no credential. */
export type OutsideCall = Pick<AuditEntry, 'service' | 'action' | 'target' | 'result' | 'statusCode' | 'durationMs' | 'errorMessage'>
  & { at: Date }

/** Hooks around each call to an outside service. */
export interface CallInstrumentation {
  /** Runs before the call. Throws when the call must not be made. */
  before?: () => Promise<void>
  /** Runs after the call, whatever its outcome. */
  onCall: (call: OutsideCall) => void
}

/**
 * The hooks for the calls made within. The ledger sets them around its work, the service clients run them.
 * The async context keeps them apart: concurrent work has its own hooks.
 */
export const callInstrumentation = new AsyncLocalStorage<CallInstrumentation>()

/**
 * Makes one call, times it and runs the hooks around it.
 * @param statusOf reads the HTTP status from an answer or an error; null when there was no answer
 */
export async function instrumented<T>(
  about: Pick<OutsideCall, 'service' | 'action' | 'target'>,
  statusOf: (outcome: unknown) => number | null,
  call: () => Promise<T>,
): Promise<T> {
  const hooks = callInstrumentation.getStore()
  await hooks?.before?.()
  const at = new Date()
  const report = (outcome: unknown, error?: unknown) => hooks?.onCall({
    ...about,
    at,
    result: error === undefined ? 'SUCCESS' : 'FAILURE',
    statusCode: statusOf(outcome),
    durationMs: Date.now() - at.getTime(),
    errorMessage: error === undefined ? null : error instanceof Error ? error.message : String(error),
  })
  try {
    const answer = await call()
    report(answer)
    return answer
  }
  catch (error) {
    report(error, error)
    throw error
  }
}
