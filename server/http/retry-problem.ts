import type { RetryOutcome } from '../engine/queries/retries'
import { problem } from './problem'

/** 409 for a retry that was refused. @param what a course or a run */
export function retryProblem(what: 'course' | 'run', outcome: Exclude<RetryOutcome, { state: 'retrying' }>) {
  const status = outcome.state === 'refused' ? outcome.status : 'new'
  if (outcome.state === 'refused' && outcome.reason === 'busy') return problem('SUBJECT_BUSY', { status })
  if (outcome.state === 'refused' && outcome.reason === 'superseded') return problem('SUPERSEDED')
  return problem('NOT_FAILED', { what, status })
}
