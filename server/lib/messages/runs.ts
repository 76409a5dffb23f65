import type { Messages } from './message.ts'

const sendAgain = ({ seconds }: { seconds: number }) => `Wait ${seconds} s and send the same request again; nothing was done.`

/** The life of a run: the queue, retry, cancellation, rollback, and how it can end. */
export const runs = {
  OWN_QUEUE_FULL: {
    code: 'QUEUE_FULL',
    status: 429,
    message: ({ limit }: { limit: number }) => `${limit} of your runs are waiting in the queue already.`,
    why: ({ ended }: { ended: number }) =>
      `Atelier accepts only as many runs as it can process; ${ended} of your runs ended in the last minute.`,
    fix: sendAgain,
  },
  QUEUE_FULL: {
    status: 429,
    message: ({ limit }: { limit: number }) => `${limit} runs of all users are waiting in the queue already.`,
    why: ({ ended }: { ended: number }) =>
      `Atelier accepts only as many runs as it can process; ${ended} runs of all users ended in the last minute.`,
    fix: sendAgain,
  },
  SUBJECT_BUSY: {
    status: 409,
    message: ({ status }: { status: string }) => `Another run of the same subject is ${status}.`,
    why: 'Two runs of one subject would create and remove the same resources.',
    fix: 'Wait until that run ends, or cancel it; then retry.',
  },
  SUPERSEDED: {
    status: 409,
    message: 'A later run has replaced the run that you want to retry.',
    why: 'Only the latest run of a chain can be retried.',
    fix: ({ by }: { by: string }) => `Look at the run that replaced it: GET /api/runs/${by}.`,
  },
  NOT_FAILED: {
    status: 409,
    message: ({ what, status }: { what: string, status: string }) =>
      `Only a failed or cancelled ${what} can be retried; this ${what} is ${status}.`,
    why: 'Two runs of one subject at the same time would interfere with each other.',
    fix: 'Wait until the run ends: an active run retries its steps by itself.',
  },
  CANNOT_ROLL_BACK: {
    status: 409,
    message: 'This run cannot be rolled back: its workflow has no rollback.',
    why: 'Only a workflow with a rollback can remove what its runs created.',
    fix: 'Cancel the run without rollback.',
  },
  RUN_OVER: {
    status: 409,
    message: ({ status }: { status: string }) => `This run is ${status} already.`,
    why: 'Only an active run can be cancelled.',
    fix: 'Retry the run to continue it: POST /api/runs/{id}/retry.',
  },
  RUN_COMPLETED: {
    code: 'RUN_OVER',
    status: 409,
    message: 'This run is completed already.',
    why: 'Only an active run can be cancelled.',
    fix: 'Keep what the run created, or delete it by hand.',
  },
  RUN_CANCELLED: {
    retryable: true,
    message: 'The run was cancelled.',
    why: 'Somebody cancelled the run while this step was in progress.',
    fix: 'Press Retry to create what is missing.',
  },
  LAST_CALLS_OUT: {
    code: 'RESOURCE_BUSY',
    retryable: true,
    message: 'Calls of the cancelled run have not ended yet.',
    why: 'Their effects are known only when they end.',
    fix: 'Wait: the step continues by itself.',
  },
  LEASE_LOST: {
    retryable: true,
    message: 'Another process took this item over.',
    why: 'This process did not renew its lease in time.',
    fix: 'Wait: the step continues by itself.',
  },
  STEP_TIMEOUT: {
    retryable: true,
    message: ({ title, seconds }: { title: string, seconds: number }) => `The step "${title}" did not finish within ${seconds} s.`,
    why: 'Each attempt at a step has a time limit.',
    fix: 'Wait for the next attempt. If it fails again, look for slow calls in the audit.',
  },
  NOT_WAITING_FOR_ANSWER: {
    code: 'NOT_WAITING',
    status: 409,
    message: 'The run does not wait for this answer any more.',
    why: 'Somebody answered it already, or the run has ended.',
    fix: 'Look at the run: GET /api/runs/{id}.',
  },
  ANSWER_INVALID: {
    status: 422,
    message: ({ problems }: { problems: string }) => `The answer is not valid: ${problems}`,
    why: 'The wait asks for something else.',
    fix: 'Correct the fields that errors lists, and send the answer again.',
  },
  RESOURCE_BUSY: {
    retryable: true,
    message: ({ resource, name }: { resource: string, name: string }) => `Another run is working on the ${resource} ${name}.`,
    why: 'Another process holds its lease, or a killed process held it a moment ago.',
    fix: 'Wait: the step continues by itself.',
  },
  SUBJECT_GONE: {
    message: ({ subject }: { subject: string }) => `The ${subject} was deleted.`,
    why: 'Somebody deleted it after the run was requested.',
    fix: ({ subject }: { subject: string }) => `Create the ${subject} again if you still need it.`,
  },
  UNFINISHED: {
    message: 'The run ended before it created everything.',
    why: 'Atelier met an unexpected error.',
    fix: 'Press Retry: Atelier creates what is missing, and nothing twice.',
  },
  ENDED_BY_RUNTIME: {
    code: 'UNEXPECTED',
    message: ({ status }: { status: string }) => `The workflow runtime ended this run as ${status}.`,
    why: 'Atelier met an unexpected error.',
    fix: 'Retry. If it keeps failing, report it with the log of the time it happened.',
  },
  ENDED_BY_RUNTIME_SAYING: {
    code: 'UNEXPECTED',
    message: ({ status, said }: { status: string, said: string }) => `The workflow runtime ended this run as ${status}: ${said}`,
    why: 'Atelier met an unexpected error.',
    fix: 'Retry. If it keeps failing, report it with the log of the time it happened.',
  },
  UNEXPECTED: {
    message: ({ said }: { said: string }) => said,
    why: 'Atelier met an unexpected error.',
    fix: 'Retry. If it keeps failing, report it with the log of the time it happened.',
  },
} as const satisfies Messages
