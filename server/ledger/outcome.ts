import { FatalError, RetryableError } from 'workflow'
import { isTransient } from '../db/errors'
import { toFailure } from '../lib/errors'

/** The outcome of an attempt at an item; `at` is when the next one is due, by the process's monotonic clock in ms. */
export type Outcome<T>
  = | { state: 'done', value: T }
    | { state: 'skipped' | 'failed' }
    | { state: 'later', at: number }

/** The next attempt is due in so many ms. */
export const laterIn = (ms: number): Outcome<never> => ({ state: 'later', at: performance.now() + ms })

/** The value of an item; undefined while there is none. */
export const valueOf = <T>(outcome: Outcome<T>): T | undefined => outcome.state === 'done' ? outcome.value : undefined

/** Goes on with the value of an item; without one, the outcome stays as it is. */
export const andThen = async <T, U>(outcome: Outcome<T>, next: (value: T) => Promise<Outcome<U>>): Promise<Outcome<U>> =>
  outcome.state === 'done' ? next(outcome.value) : outcome

/**
 * Ends a step by the outcomes of its items: makes the runtime retry it when the next of them is due, so that
 * nothing sleeps inside a step.
 */
export function retryWhenDue(outcomes: Outcome<unknown>[]): void {
  const due = outcomes.filter(outcome => outcome.state === 'later').map(({ at }) => at)
  if (!due.length) return
  throw new RetryableError('An item is due later.', { retryAfter: Math.max(0, Math.round(Math.min(...due) - performance.now())) })
}

/** Ends a step by an error outside its items: a retry helps only when the database was away; anything else would fail for ever. */
export function fatalUnlessTransient(error: unknown): never {
  throw isTransient(error) ? error : new FatalError(toFailure(error).message)
}
