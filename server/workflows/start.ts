import { createHash } from 'node:crypto'
import { start } from 'workflow/api'
import { log } from '../lib/log'
import { db, type Transaction } from '../db/client'
import { keepIdempotencyResult, type Recorded, takeIdempotencyKey } from '../db/queries/idempotency'
import { insertRetry, type RetryOutcome } from '../db/queries/runs'
import { registry } from '.'
import { workflows, type WorkflowName } from '../../workflows.config'

/** Who asks for what, with the caller's `Idempotency-Key` if there is one. */
export interface StartRequest { actor: string, request: string, body: unknown, idempotencyKey?: string }

export type StartOutcome = { state: 'started', recorded: Recorded } | { state: 'key-reused' }

/**
 * The only door to a run: records what is asked for together with its run, once for each
 * idempotency key, and only then tells the runtime. What is recorded is never lost: a start
 * that a crash swallowed is made up for by the watchdog.
 */
export async function startRun(workflow: WorkflowName, { actor, request, body, idempotencyKey: key }: StartRequest, record: (tx: Transaction) => Promise<Recorded>): Promise<StartOutcome> {
  const outcome = await db().transaction(async (tx) => {
    if (!key) return { isNew: true, recorded: await record(tx) }
    const repeatable = { actor, key, request, bodyHash: createHash('sha256').update(JSON.stringify(body)).digest('hex') }
    const taken = await takeIdempotencyKey(tx, repeatable)
    if (!taken.first) return taken.sameRequest ? { isNew: false, recorded: taken.recorded } : undefined
    const recorded = await record(tx)
    await keepIdempotencyResult(tx, repeatable, recorded)
    return { isNew: true, recorded }
  })
  if (!outcome) return { state: 'key-reused' }
  // Not waited for: what is recorded will run, and the caller need not wait for the queue.
  if (outcome.isNew) void tellRuntime(workflow, outcome.recorded.runId)
  return { state: 'started', recorded: outcome.recorded }
}

/** Records and starts the run that takes up a subject's failed one. */
export async function retryRun(workflow: WorkflowName, subjectId: string): Promise<RetryOutcome> {
  const retry = await insertRetry(workflow, subjectId)
  if (retry.state === 'retrying') await tellRuntime(workflow, retry.runId)
  return retry
}

/** Tells the runtime of a recorded run. The run's first step claims it, so telling it twice is harmless. */
export async function tellRuntime(workflow: WorkflowName, runId: string): Promise<void> {
  try {
    await start(registry[workflow], [runId])
  }
  catch (error) {
    log.warn({ error, runId }, `The runtime did not take a run of "${workflows[workflow].title}"; the watchdog will start it.`)
  }
}
