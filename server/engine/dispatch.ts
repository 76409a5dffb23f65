import pLimit from 'p-limit'
import type { Transaction } from '../db/client'
import { beginWithin } from '../lib/begin-within'
import { coalesce } from '../lib/coalesce'
import { concurrencyLimits } from '../lib/env'
import type { RunRef } from '../ledger'
import { log } from '../lib/log'
import { metrics } from '../lib/metrics'
import { noteRun } from '../lib/request-context'
import { tooManyRequests } from '../lib/too-many-requests'
import { traceRunEnd } from '../lib/tracing'
import { waitUntil } from '../lib/wait-until'
import { configOf } from '../lib/workflow-configs'
import type { Failure } from '../../shared/schemas/problem'
import { admit, cachedRejection } from './admission'
import { recordOnce, type StartRequest } from './idempotency'
import { dispatchRuns } from './queries/fair-queue'
import { isKeyTaken, type Recorded } from './queries/idempotency'
import { claimRunRow, settleRunRow } from './queries/runs'
import { cancelExecution, startExecution } from './runtime/adapter'

export type StartOutcome<R = Recorded> = { state: 'started', recorded: R } | { state: 'key-reused' }

/** What a request recorded, and the executions that its run supersedes. */
export type Started<R> = R & { superseded?: string[] }

/** Each holds a connection for several round trips: more at once would wait for each other and block other queries. */
const recording = pLimit(4)
/** A request gets its refusal within two seconds; the rest is for what comes before the wait. */
const MAX_WAIT_MS = 1_500
const RETRY_AFTER_S = 2
const isBehind = () => tooManyRequests('SERVER_BEHIND', { delayMs: MAX_WAIT_MS, seconds: RETRY_AFTER_S })

/**
 * The only way to start a run: records what a request asks for together with its run, once for each idempotency key,
 * and only then dispatches it. A recorded run is never lost: the watchdog repeats a start that a crash prevented.
 * @param record records the run, with `recordRun`, and its subject
 * @throws TooManyRequests when the queue is full, or when so many requests record runs that this one would wait too long
 */
export async function startRun<R extends object = Recorded>(
  request: StartRequest, record: (tx: Transaction) => Promise<Started<R>>,
): Promise<StartOutcome<R>> {
  const { actor, idempotencyKey: key } = request
  const outcome = await beginWithin(MAX_WAIT_MS, isBehind, async (begin) => {
    const rejection = cachedRejection(actor)
    if (rejection && !(key && await isKeyTaken(actor, key))) throw rejection
    return recording(() => recordOnce(request, async (tx) => {
      await admit(tx, actor)
      begin()
      return record(tx)
    }))
  })
  if (!outcome) return { state: 'key-reused' }
  if (outcome.isNew) {
    // Not awaited: a recorded run will be executed, and the caller need not wait for the queue.
    waitUntil(dispatchDue())
    endSuperseded(outcome.recorded.superseded)
  }
  // A repeated request led to the run of the first.
  else if ('runId' in outcome.recorded) noteRun(String(outcome.recorded.runId))
  return { state: 'started', recorded: outcome.recorded }
}

/** Ends the executions of runs that a newer one has replaced, behind the answer. */
export function endSuperseded(executionIds: string[] = []): void {
  for (const executionId of executionIds) waitUntil(cancelExecution(executionId).catch((error: unknown) =>
    log.warn({ error, executionId }, 'The runtime could not end a superseded run. The watchdog asks again if it goes on.')))
}

const dispatchAll = coalesce(async () => {
  for (const { id, workflow, queuedSeconds } of await dispatchRuns(concurrencyLimits())) {
    metrics().queueSeconds.observe({ workflow }, queuedSeconds)
    waitUntil(enqueue(workflow, id))
  }
})

/**
 * Dispatches the next runs of the fair queue: new ones while there is room, queued ones when another
 * has ended. The watchdog repeats a dispatch that is lost here.
 */
export async function dispatchDue(): Promise<void> {
  await dispatchAll().catch((error: unknown) =>
    log.warn({ error }, 'The queued runs could not be dispatched. The watchdog will dispatch them.'))
}

/** Enqueues a dispatched run in the runtime. The run's first step claims it, so enqueuing it twice is harmless. */
export async function enqueue(workflow: string, runId: string): Promise<void> {
  try {
    await startExecution(workflow, runId)
  }
  catch (error) {
    log.warn({ error, runId }, `The runtime did not take a run of "${configOf(workflow).title}". The watchdog will enqueue it again.`)
  }
}

/** Claims a run for an execution; null when another execution has it, or when it has ended. */
export async function claimRun(runId: string, executionId: string): Promise<RunRef | null> {
  const claimed = await claimRunRow(runId, executionId)
  if (!claimed) return null
  const { run: { requestId, workflow, subjectType, subjectId }, isNew } = claimed
  if (isNew) log.info({ runId, requestId, workflow, subjectType, subjectId }, 'A run starts.')
  return claimed.run
}

/** Ends a run by the outcome of its items, and dispatches the next. */
export async function settleRun(runId: string, unexpected: Failure | null, output?: unknown): Promise<void> {
  await endRun(runId, unexpected, output)
  await dispatchDue()
}

/** Ends a run by the outcome of its items. It may have ended before. */
export async function endRun(runId: string, unexpected: Failure | null, output?: unknown): Promise<void> {
  const ended = await settleRunRow(runId, unexpected, output)
  if (!ended) return
  log.info({ runId, ...ended }, ended.status === 'failed' ? 'A run has failed.' : 'A run has ended.')
  traceRunEnd(runId, ended)
}
