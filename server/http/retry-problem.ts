import type { RetryOutcome } from '../engine/queries/retries'
import { problem } from './problem'

/** 409 for a retry that was refused. @param what a course or a run */
export function retryProblem(what: 'course' | 'run', outcome: Exclude<RetryOutcome, { state: 'retrying' }>) {
  if (outcome.state === 'refused' && outcome.reason === 'busy') return problem({
    status: 409,
    code: 'SUBJECT_BUSY',
    detail: `Another run is ${outcome.status} for what this ${what} is about.`,
    why: 'What makes things and what takes them back would get in each other\'s way.',
    fix: 'Wait until that run is over, or cancel it, and retry then.',
  })
  if (outcome.state === 'refused' && outcome.reason === 'superseded') return problem({
    status: 409,
    code: 'SUPERSEDED',
    detail: `A later run has taken the place of this ${what}.`,
    why: 'Only the latest run can be taken up again.',
    fix: 'Look at the latest run: GET /api/runs?subjectId=… lists them, newest first.',
  })
  return problem({
    status: 409,
    code: 'NOT_FAILED',
    detail: `Only a failed or cancelled ${what} can be retried; this one is ${outcome.state === 'refused' ? outcome.status : 'new'}.`,
    why: 'Two runs for one thing at the same time would get in each other\'s way.',
    fix: `Wait until the ${what} is over; one that is under way tries again by itself.`,
  })
}
