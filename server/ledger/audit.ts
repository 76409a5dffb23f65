import { callListener, type OutsideCall } from '../lib/calls'
import { log } from '../lib/log'
import { redact } from '../lib/redact'
import { appendAudit, type NewAuditEntry } from '../db/queries/audit'

/** On whose behalf calls are made. */
export type AuditContext = Partial<Pick<NewAuditEntry, 'runId' | 'courseId' | 'step' | 'item' | 'attempt'>>

/**
 * Does the work and appends every outside call that it makes to the audit, before it returns.
 * An audit that cannot be written is logged and changes nothing else: no call is repeated or lost for it.
 */
export async function audited<T>(context: AuditContext, work: () => Promise<T>): Promise<T> {
  const calls: OutsideCall[] = []
  try {
    return await callListener.run(call => calls.push(call), work)
  }
  finally {
    await write(calls.map(call => ({
      ...call,
      ...context,
      target: redact(call.target),
      errorMessage: call.errorMessage === null ? null : redact(call.errorMessage),
    })))
  }
}

async function write(entries: NewAuditEntry[]): Promise<void> {
  try {
    await appendAudit(entries)
  }
  catch (error) {
    log.error({ error, entries }, 'The audit could not be written.')
  }
}
