import pLimit from 'p-limit'
import { FatalError, RetryableError } from 'workflow'
import { retryBaseMs } from '../lib/env'
import { ProviderError, toFailure } from '../lib/errors'
import { isDatabaseAway } from '../db/errors'
import { beginItem, completeItem, failItem, type ItemRef, postponeItem, scheduleItem, skipItem } from '../db/queries/steps'
import type { RetryPolicy } from '../../workflows.config'
import { audited } from './audit'

/** Where an item belongs: its run, the subject of the run, and the workflow's retry policy. */
export interface Work { runId: string, subjectId: string, retry: RetryPolicy }

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
export async function attempt<T>(work: Work, step: string, item: string, make: () => Promise<T>): Promise<Outcome<T>> {
  const ref: ItemRef = { runId: work.runId, step, item }
  const begun = await beginItem(ref).catch(giveUpUnlessAway)
  if (begun.state === 'early') return { state: 'later', at: begun.at }
  if (begun.state === 'finished') return begun.status === 'completed' ? { state: 'done', value: begun.result as T } : { state: begun.status === 'skipped' ? 'skipped' : 'failed' }
  try {
    const value = await audited({ runId: work.runId, courseId: work.subjectId, step, item, attempt: begun.attempt }, make)
    await completeItem(ref, value ?? null)
    return { state: 'done', value }
  }
  catch (error) {
    if (isDatabaseAway(error)) throw error
    return recordFailure<T>(ref, error, begun.attempt, work.retry)
  }
}

/** Coming back helps only when the database was away; anything else would fail for ever. */
function giveUpUnlessAway(error: unknown): never {
  throw isDatabaseAway(error) ? error : new FatalError(toFailure(error).message)
}

async function recordFailure<T>(ref: ItemRef, error: unknown, made: number, retry: RetryPolicy): Promise<Outcome<T>> {
  const failure = toFailure(error)
  const provider = error instanceof ProviderError ? error : undefined
  if (provider?.code === 'FEATURE_UNAVAILABLE') {
    await skipItem(ref, failure)
    return { state: 'skipped' }
  }
  if (provider?.code === 'RATE_LIMITED' || provider?.code === 'RESOURCE_BUSY') {
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
export function comeBackFor(outcomes: Outcome<unknown>[]): void {
  const due = outcomes.filter(outcome => outcome.state === 'later').map(({ at }) => at.getTime())
  if (due.length) throw new RetryableError('An item is due later.', { retryAfter: new Date(Math.min(...due)) })
}

/** As many outside calls as GitHub takes at once from one token, less some for the others. */
const MOST_AT_ONCE = 60

/**
 * Works on many items side by side, each at its own pace, and gathers what became of them.
 * They share one step of the runtime: what makes each durable is its row and the ledger, and a
 * runtime step costs more than all of an item's calls.
 */
export async function sideBySide<T>(things: T[], work: (thing: T, index: number) => Promise<Outcome<unknown>[]>): Promise<Outcome<unknown>[]> {
  const limit = pLimit(MOST_AT_ONCE)
  const outcomes = await Promise.allSettled(things.map((thing, index) => limit(() => work(thing, index))))
  // Thrown is only that the database was away, or that nothing can be done. The others are let to the end, so that none goes on behind the step's back.
  const broken = outcomes.find(outcome => outcome.status === 'rejected')
  if (broken) throw broken.reason
  return outcomes.flatMap(outcome => outcome.status === 'fulfilled' ? outcome.value : [])
}

/** What an item made, or undefined while there is nothing. */
export const valueOf = <T>(outcome: Outcome<T>): T | undefined => outcome.state === 'done' ? outcome.value : undefined
