import { FatalError, RetryableError } from 'workflow'
import { retryBaseMs } from '../lib/env'
import { ProviderError, type ProviderErrorCode, toFailure } from '../lib/errors'
import { isTransient } from '../db/errors'
import { beginItem, completeItem, failItem, type ItemRef, postponeItem, putBackItem, scheduleItem, skipItem } from './queries/items'
import type { RetryPolicy } from '../../workflows.config'
import { audited } from './audit'
import { isCancelled, untilCancelled } from './cancellation'
import { isDraining } from '../lib/process'
import { withinWorkGroup } from './concurrency'

/** Where an item belongs: its run, the course that it is for if it is one's, and the workflow's retry policy. */
export interface Work { runId: string, courseId?: string, retry: RetryPolicy }

export type Outcome<T>
  = | { state: 'done', value: T }
    | { state: 'skipped' | 'failed' }
    | { state: 'later', at: Date }

/**
 * Makes one attempt at one item of a step, and writes down what became of it. A finished
 * item answers with its result and does nothing. Failures come back as data, so that the
 * items beside it go on; only a failure of the database itself is thrown.
 * @param make does the work; what it returns is stored, so plain data and no secret
 */
export const attempt = <T>(work: Work, step: string, item: string, make: () => Promise<T>): Promise<Outcome<T>> =>
  withinWorkGroup(() => attemptOnce(work, step, item, make))

async function attemptOnce<T>(work: Work, step: string, item: string, make: () => Promise<T>): Promise<Outcome<T>> {
  // Comes back in a process that stays.
  if (isDraining()) return { state: 'later', at: new Date() }
  const ref: ItemRef = { runId: work.runId, step, item }
  const begun = await beginItem(ref).catch(fatalUnlessTransient)
  if (begun.state === 'early') return { state: 'later', at: begun.at }
  if (begun.state === 'cancelled') return { state: 'skipped' }
  if (begun.state === 'finished') return begun.status === 'completed' ? { state: 'done', value: begun.result as T } : { state: begun.status === 'skipped' ? 'skipped' : 'failed' }
  try {
    const value = await audited({ runId: work.runId, courseId: work.courseId, step, item, attempt: begun.attempt }, make, untilCancelled(work.runId))
    await completeItem(ref, value ?? null)
    return { state: 'done', value }
  }
  catch (error) {
    if (isTransient(error)) throw error
    if (isCancelled(error)) {
      await putBackItem(ref)
      return { state: 'skipped' }
    }
    return recordFailure<T>(ref, error, begun.attempt, work.retry)
  }
}

/** For what a step does beside its items: coming back helps only when the database was away; anything else would fail for ever. */
export function fatalUnlessTransient(error: unknown): never {
  throw isTransient(error) ? error : new FatalError(toFailure(error).message)
}

/** Nothing went wrong: there is only something to wait for. */
const WAITS: ProviderErrorCode[] = ['RATE_LIMITED', 'AWAITS_PERSON']

async function recordFailure<T>(ref: ItemRef, error: unknown, made: number, retry: RetryPolicy): Promise<Outcome<T>> {
  const failure = toFailure(error)
  const provider = error instanceof ProviderError ? error : undefined
  if (provider?.code === 'FEATURE_UNAVAILABLE') {
    await skipItem(ref, failure)
    return { state: 'skipped' }
  }
  // Another execution is at it, whose attempt this is, too: nothing of it is ours to change.
  if (provider?.code === 'RESOURCE_BUSY') return { state: 'later', at: new Date(Date.now() + (provider.retryAfter ?? retry.baseMs)) }
  if (provider && WAITS.includes(provider.code)) {
    const at = new Date(Date.now() + (provider.retryAfter ?? retry.baseMs))
    await postponeItem(ref, failure, at)
    return { state: 'later', at }
  }
  if ((provider?.retryable ?? true) && made < retry.attempts) {
    const at = new Date(Date.now() + waitBefore(made + 1, retry))
    await scheduleItem(ref, failure, at)
    return { state: 'later', at }
  }
  await failItem(ref, failure)
  return { state: 'failed' }
}

/** Milliseconds before the n-th attempt: the base before the second, `factor` times longer before each that follows. */
export const waitBefore = (n: number, retry: RetryPolicy): number => (retryBaseMs() ?? retry.baseMs) * retry.factor ** (n - 2)

/**
 * Ends a step by the outcomes of its items: asks the runtime to come back when the next of
 * them is due, so that no time is slept away inside a step.
 */
export function retryWhenDue(outcomes: Outcome<unknown>[]): void {
  const due = outcomes.filter(outcome => outcome.state === 'later').map(({ at }) => at.getTime())
  if (due.length) throw new RetryableError('An item is due later.', { retryAfter: new Date(Math.min(...due)) })
}

/** What an item made, or undefined while there is nothing. */
export const valueOf = <T>(outcome: Outcome<T>): T | undefined => outcome.state === 'done' ? outcome.value : undefined
