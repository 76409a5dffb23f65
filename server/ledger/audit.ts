import { type CallInstrumentation, callInstrumentation, type OutsideCall } from '../lib/instrumentation'
import { limiterContext } from '../lib/rate-limits/rate-limited'
import { currentRequestId } from '../lib/request-context'
import { redact } from '../lib/redact'
import { flushActions } from './actions'
import { createAppender } from './append'
import { appendAudit, type NewAuditEntry } from './queries/audit'
import { acquireFor, LOOK } from '../rate-limits/acquire'

/** On whose behalf calls are made. */
export type AuditContext = Partial<Pick<NewAuditEntry, 'runId' | 'subjectType' | 'subjectId' | 'step' | 'item' | 'attempt'>>

const write = createAppender(appendAudit)

/**
 * Does the work and appends every outside call that it makes to the audit, before it returns.
 * Each call passes the rate limiter of its credential before it is made.
 * An audit that cannot be written is logged, kept and written later; it changes nothing else:
 * no call is repeated or lost for it.
 * @param before runs before each call, and throws when the call must not be made; absent: what runs before the calls
 * of the work around it
 * @param caller by whom the rate limiter knows the calls
 */
export async function audited<T>(
  context: AuditContext, work: () => Promise<T>, before: CallInstrumentation['before'] = callInstrumentation.getStore()?.before,
  caller = [context.runId, context.step, context.item].join(' '),
): Promise<T> {
  const calls: OutsideCall[] = []
  let open = true
  const requestId = currentRequestId()
  const entryOf = (call: OutsideCall): NewAuditEntry => ({
    ...call,
    ...context,
    requestId,
    target: redact(call.target),
    errorMessage: call.errorMessage === null ? null : redact(call.errorMessage),
  })
  const onCall = (call: OutsideCall) => {
    if (open) calls.push(call)
    // A concurrent call failed and ended the work while this one was still in flight.
    else void write([entryOf(call)])
  }
  try {
    return await limiterContext.run(acquireFor(caller), () => callInstrumentation.run({ before, onCall }, work))
  }
  finally {
    open = false
    await write(calls.map(entryOf))
  }
}

/** The same for a look of a person, which takes of the rate limits only what runs leave. */
export const auditedLook = <T>(context: AuditContext, look: () => Promise<T>): Promise<T> => audited(context, look, undefined, LOOK)

/** Writes the entries of both halves that are kept, if the database answers. */
export const flushAudit = () => Promise.all([write([]), flushActions()])
