import pLimit from 'p-limit'
import { start } from 'workflow/api'
import { concurrencyLimits } from '../lib/env'
import { waitUntil } from '../lib/wait-until'
import { log } from '../lib/log'
import { coalesce } from '../lib/coalesce'
import type { Transaction } from '../db/client'
import { isKeyTaken, type Recorded } from './queries/idempotency'
import { insertRetry, type RetryOutcome } from './queries/retries'
import { dispatchRuns } from './queries/fair-queue'
import { admit, cachedRejection } from './admission'
import { registry } from './registry'
import { recordOnce, type StartRequest } from './idempotency'
import { workflows, type WorkflowName } from '../../workflows.config'

export type StartOutcome<R = Recorded> = { state: 'started', recorded: R } | { state: 'key-reused' }

/** Each holds a connection for several round trips: more at once would only wait for each other, and keep everybody else from the database. */
const recording = pLimit(4)

/**
 * The only door to a run: records what is asked for together with its run, once for each
 * idempotency key, and only then tells the runtime. What is recorded is never lost: a start
 * that a crash swallowed is made up for by the watchdog.
 * @throws TooManyRequests when the queue is full
 */
export async function startRun<R extends object = Recorded>(workflow: WorkflowName, request: StartRequest, record: (tx: Transaction) => Promise<R>): Promise<StartOutcome<R>> {
  const { actor, idempotencyKey: key } = request
  const refusal = cachedRejection(actor)
  if (refusal && !(key && await isKeyTaken(actor, key))) throw refusal
  const outcome = await recording(() => recordOnce(request, tx => admit(tx, actor).then(() => record(tx))))
  if (!outcome) return { state: 'key-reused' }
  // Not waited for: what is recorded will run, and the caller need not wait for the queue.
  if (outcome.isNew) waitUntil(dispatchDue())
  return { state: 'started', recorded: outcome.recorded }
}

/** Records and starts the run that takes up a subject's failed or cancelled one. @param runId the run that is meant; absent: the latest */
export async function retryRun(workflow: WorkflowName, subjectId: string, actor: string, runId?: string): Promise<RetryOutcome> {
  const retry = await insertRetry({ workflow, subjectId, actor, runId }, tx => admit(tx, actor))
  if (retry.state === 'retrying') await dispatchDue()
  return retry
}

const callDue = coalesce(async () => {
  for (const { id, workflow } of await dispatchRuns(concurrencyLimits())) waitUntil(enqueue(workflow, id))
})

/**
 * Starts the runs whose turn it is: recorded ones when there is room, and queued ones when another
 * has ended. What is lost here is made up for by the watchdog.
 */
export async function dispatchDue(): Promise<void> {
  await callDue().catch((error: unknown) => log.warn({ error }, 'The runs whose turn it is could not be called; the watchdog will call them.'))
}

/** Tells the runtime of a recorded run. The run's first step claims it, so telling it twice is harmless. */
export async function enqueue(workflow: WorkflowName, runId: string): Promise<void> {
  try {
    await start(registry[workflow], [runId])
  }
  catch (error) {
    log.warn({ error, runId }, `The runtime did not take a run of "${workflows[workflow].title}"; the watchdog will start it.`)
  }
}
