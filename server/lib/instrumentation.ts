import { AsyncLocalStorage } from 'node:async_hooks'
import type { AuditEntry } from '../../shared/schemas/audit'
import { metrics } from './metrics'
import { guarded, SendStopped } from './send-guard'
import { traced } from './tracing'
import { callSpan, callSpanEnd } from './tracing/spans'

/** Every call ends after this time, also one that needs no clearance. */
export const CALL_TIMEOUT_MS = 15_000

/** One call to an outside service, as its client saw it. It contains no body and no credential. */
export type OutsideCall = Pick<AuditEntry, 'service' | 'action' | 'target' | 'result' | 'statusCode' | 'durationMs' | 'errorMessage'>
  & { at: Date }

/** The permission to make one call now. */
export interface Clearance {
  /** The call must end within so many milliseconds. */
  withinMs: number
  /** Whether the permission still holds: asked again when a request leaves. */
  isValid: () => boolean
  /** The error when it does not hold any more. The call was not made. */
  refusal: () => Error
}

/** Hooks around each call to an outside service. */
export interface CallInstrumentation {
  /** Runs right before the call, after every wait for a rate limit. Throws when the call must not be made. */
  before?: () => Promise<Clearance>
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
 * @param call is given the signal that ends it
 */
export async function instrumented<T>(
  about: Pick<OutsideCall, 'service' | 'action' | 'target'>,
  statusOf: (outcome: unknown) => number | null,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const hooks = callInstrumentation.getStore()
  const clearance = await hooks?.before?.()
  const at = new Date()
  const begunAt = performance.now()
  const report = (outcome: unknown, error?: unknown) => {
    const durationMs = Math.round(performance.now() - begunAt)
    const result = error === undefined ? 'SUCCESS' : 'FAILURE'
    metrics().calls.inc({ service: about.service, action: about.action, result: result.toLowerCase() })
    metrics().callSeconds.observe({ service: about.service }, durationMs / 1000)
    const errorMessage = error === undefined ? null : error instanceof Error ? error.message : String(error)
    hooks?.onCall({ ...about, at, result, statusCode: statusOf(outcome), durationMs, errorMessage })
  }
  const send = () => call(AbortSignal.timeout(Math.min(CALL_TIMEOUT_MS, clearance?.withinMs ?? Infinity)))
  try {
    const answer = await traced(
      () => callSpan(about),
      () => clearance ? guarded(clearance.isValid, send) : send(),
      ({ value, error }) => callSpanEnd(statusOf(error ?? value), error),
    )
    report(answer)
    return answer
  }
  catch (error) {
    if (error instanceof SendStopped) throw clearance!.refusal()
    report(error, error)
    throw error
  }
}
