import { isTransient } from '../db/errors'
import { retryBaseMs } from '../lib/env'
import { ProviderError, type ProviderErrorCode, providerError, toFailure } from '../lib/errors'
import { lastThaw } from '../lib/freezes'
import type { Clearance } from '../lib/instrumentation'
import { log } from '../lib/log'
import { metrics } from '../lib/metrics'
import { isDraining, thisProcess } from '../lib/process'
import { onBehalfOf } from '../lib/request-context'
import { traced } from '../lib/tracing'
import { attemptSpan, attemptSpanEnd } from '../lib/tracing/spans'
import type { RetryPolicy, StepConfig } from '../../workflows.config'
import { audited } from './audit'
import { isCancelled, untilCancelled } from './cancellation'
import { withinWorkGroup } from './concurrency'
import { clearCall, LEASE_MS, leaseLost, orphanLease, whileLeased } from './leases'
import { fatalUnlessTransient, laterIn, type Outcome } from './outcome'
import {
  beginItem, completeItem, failItem, type HeldItem, type ItemRef, postponeItem, putBackItem, scheduleItem, skipItem,
} from './queries/items'
import { closeItemWait, openItemWait } from './queries/item-waits'
import { configOf } from '../lib/workflow-configs'

/** A run as its steps know it. The runtime stores it in the clear: ids and the input, no secret. */
export interface RunRef {
  runId: string
  /** The first run of its chain of retries and rollbacks. */
  rootRunId: string
  /** The request that it comes of. Runs that an earlier version claimed lack it. */
  requestId?: string | null
  workflow: string
  subjectType: string
  subjectId: string
  input: unknown
}

/** What the work of an item is given. */
export interface AttemptContext {
  /** Aborts when the attempt must end: its lease was lost, or its time is over. */
  signal: AbortSignal
}

/** The timeout of an attempt at a step that configures none. */
const TIMEOUT_MS = 10 * 60_000
/** Time after which an item that another execution works on is tried again. */
const BUSY_MS = 1_000

/** Items that this process works on at this moment; a lease of its own on any other is a leftover. */
const underway = new Set<string>()

/**
 * Makes one attempt at one item of a step, and records its outcome. A finished item
 * returns its result and does nothing. Failures come back as data, so that concurrent
 * items go on; only a failure of the database itself is thrown.
 * @param work what it returns is stored: plain data and no secret
 */
export const attempt = <T>(run: RunRef, step: string, item: string, work: (context: AttemptContext) => Promise<T>): Promise<Outcome<T>> =>
  onBehalfOf(run.requestId, () => withinWorkGroup(() => attemptOnce(run, step, item, work)))

async function attemptOnce<T>(run: RunRef, step: string, item: string, work: (context: AttemptContext) => Promise<T>): Promise<Outcome<T>> {
  // The runtime delivers the step again, to another process.
  if (isDraining()) return laterIn(0)
  const key = [run.runId, step, item].join(' ')
  if (underway.has(key)) return busy()
  underway.add(key)
  try {
    return await lease(run, { runId: run.runId, step, item }, work)
  }
  finally {
    underway.delete(key)
  }
}

/** Also the answer to an attempt whose lease was lost: its outcome is void, as another process decides. */
const busy = (): Outcome<never> => laterIn(BUSY_MS)

async function lease<T>(run: RunRef, ref: ItemRef, work: (context: AttemptContext) => Promise<T>): Promise<Outcome<T>> {
  const { retry, steps } = configOf(run.workflow)
  const config = steps.find(({ name }) => name === ref.step)
  const leaseMs = config?.leaseMs ?? LEASE_MS
  const takenAt = performance.now()
  const begun = await beginItem({ ...ref, holder: thisProcess().id, leaseMs }).catch(fatalUnlessTransient)
  switch (begun.state) {
    case 'early': return laterIn(begun.inMs)
    case 'busy': return busy()
    case 'cancelled': return { state: 'skipped' }
    case 'finished':
      // A crash came between the end of the item and that of its wait.
      if (begun.isAwaited) await closeItemWait(ref)
      return finished<T>(begun)
    case 'begun': {
      const held: HeldItem = { runId: run.runId, held: begun.held }
      return whileLeased('item', begun.held, { leaseMs, takenAt }, lost =>
        execute(run, ref, { config, retry, attempt: begun.attempt, begunAt: takenAt, held, isAwaited: begun.isAwaited, lost }, work))
    }
  }
}

function finished<T>({ status, result }: { status: string, result: unknown }): Outcome<T> {
  if (status === 'completed') return { state: 'done', value: result as T }
  return { state: status === 'skipped' ? 'skipped' : 'failed' }
}

interface Attempt {
  config: StepConfig | undefined
  retry: RetryPolicy
  attempt: number
  /** By `performance.now()`. */
  begunAt: number
  held: HeldItem
  isAwaited: boolean
  /** Aborts when the lease is lost. */
  lost: AbortSignal
}

async function execute<T>(run: RunRef, ref: ItemRef, current: Attempt, work: (context: AttemptContext) => Promise<T>): Promise<Outcome<T>> {
  try {
    const outcome = await traced(
      () => attemptSpan(run, ref, current.attempt), () => workAndRecord(run, ref, current, work), attemptSpanEnd,
    )
    const seconds = (performance.now() - current.begunAt) / 1000
    metrics().attemptSeconds.observe({ workflow: run.workflow, step: ref.step, outcome: outcome.state }, seconds)
    if (current.isAwaited && outcome.state !== 'later') await closeItemWait(ref)
    return outcome
  }
  catch (error) {
    if (isTransient(error)) orphanLease('item', current.held.held)
    throw error
  }
}

async function workAndRecord<T>(
  run: RunRef, ref: ItemRef, current: Attempt, work: (context: AttemptContext) => Promise<T>,
): Promise<Outcome<T>> {
  const { runId, subjectType, subjectId } = run
  const context = { runId, subjectType, subjectId, step: ref.step, item: ref.item, attempt: current.attempt }
  try {
    const value = await withTimeout(current, signal =>
      audited(context, () => work({ signal }), beforeCall(runId, signal)))
    return await completeItem(current.held, value ?? null) ? { state: 'done', value } : busy()
  }
  catch (error) {
    if (isTransient(error)) throw error
    return recordFailure(ref, current, error)
  }
}

/** Gives the work a signal that also aborts after the timeout; then the attempt fails and may be repeated. */
async function withTimeout<T>({ config, lost }: Attempt, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const timeoutMs = config?.timeoutMs ?? TIMEOUT_MS
  const late = new AbortController()
  const title = config?.title ?? 'Step'
  const timedOut = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    late.abort()
    timedOut.reject(providerError('STEP_TIMEOUT', { title, seconds: Math.round(timeoutMs / 1000) }))
  }, timeoutMs)
  try {
    return await Promise.race([work(AbortSignal.any([lost, late.signal])), timedOut.promise])
  }
  finally {
    clearTimeout(timer)
  }
}

/** Runs before each outside call: an attempt that lost its lease, timed out or was cancelled makes no more calls. */
function beforeCall(runId: string, signal: AbortSignal): () => Promise<Clearance> {
  const whileNotCancelled = untilCancelled(runId)
  return async () => {
    await whileNotCancelled()
    const { isValid, ...clearance } = await clearCall()
    const isAllowed = () => !signal.aborted && isValid()
    if (!isAllowed()) throw leaseLost()
    return { ...clearance, isValid: isAllowed }
  }
}

/** These are not failures: the attempt only has to wait. */
const WAITS: ProviderErrorCode[] = ['RATE_LIMITED', 'AWAITS_PERSON']

async function recordFailure(ref: ItemRef, { held, attempt: n, begunAt, retry }: Attempt, error: unknown): Promise<Outcome<never>> {
  const failure = toFailure(error)
  const provider = error instanceof ProviderError ? error : undefined
  if (isCancelled(error)) return await putBackItem(held) ? { state: 'skipped' } : busy()
  if (provider?.code === 'FEATURE_UNAVAILABLE') return await skipItem(held, failure) ? { state: 'skipped' } : busy()
  // A call without an answer that was out during a freeze tells nothing about the provider: a freeze is like a crash.
  const wasFrozen = provider?.code === 'PROVIDER_UNAVAILABLE' && lastThaw() > begunAt
  // Another run or process works on the resource: the attempt continues afterwards, and counts as the same.
  if (wasFrozen || provider?.code === 'RESOURCE_BUSY' || provider?.code === 'LEASE_LOST') {
    orphanLease('item', held.held)
    return laterIn(wasFrozen ? BUSY_MS : provider.retryAfter ?? BUSY_MS)
  }
  if (provider && WAITS.includes(provider.code)) {
    const ms = provider.retryAfter ?? retry.baseMs
    if (!await postponeItem(held, failure, ms)) return busy()
    if (provider.code === 'AWAITS_PERSON') {
      log.info(ref, 'A run waits.')
      await openItemWait(ref, failure)
    }
    return laterIn(ms)
  }
  if ((provider?.retryable ?? true) && n < retry.attempts) {
    const ms = waitBefore(n + 1, retry)
    return await scheduleItem(held, failure, ms) ? laterIn(ms) : busy()
  }
  return await failItem(held, failure) ? { state: 'failed' } : busy()
}

/** Milliseconds before the n-th attempt: the base before the second, `factor` times longer before each that follows. */
export const waitBefore = (n: number, retry: RetryPolicy): number => (retryBaseMs() ?? retry.baseMs) * retry.factor ** (n - 2)
