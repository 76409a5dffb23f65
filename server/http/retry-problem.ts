import type { RetryOutcome } from '../engine/retry'
import { problem } from './problem'

/** 409 for a retry that was refused. @param what a course or a run */
export function retryProblem(what: 'course' | 'run', outcome: Exclude<RetryOutcome, { state: 'retrying' }>) {
  if (outcome.state === 'refused' && outcome.reason === 'busy') return problem({
    status: 409,
    code: 'SUBJECT_BUSY',
    detail: `Another run of this ${what === 'course' ? 'course' : 'run\'s subject'} is ${outcome.status}.`,
    why: 'Two runs would work on the same resources.',
    fix: 'Wait until that run ends, or cancel it. Then retry.',
  })
  if (outcome.state === 'refused' && outcome.reason === 'superseded') return problem({
    status: 409,
    code: 'SUPERSEDED',
    detail: `A later run has replaced this ${what}.`,
    why: 'Only the latest run of a chain can be retried.',
    fix: `Retry the latest run instead${outcome.by ? `: ${outcome.by}` : ''}.`,
  })
  return problem({
    status: 409,
    code: 'NOT_FAILED',
    detail: `This ${what} is ${outcome.state === 'refused' ? outcome.status : 'new'}. Only a failed or cancelled ${what} can be retried.`,
    why: 'Two runs would work on the same resources.',
    fix: `Wait until the ${what} ends. Atelier retries failed items by itself.`,
  })
}
