import pLimit from 'p-limit'
import { start } from 'workflow/api'
import { runTurns } from '../lib/env'
import { behindTheAnswer } from '../lib/behind-the-answer'
import { log } from '../lib/log'
import { oneAtATime } from '../lib/one-at-a-time'
import type { Transaction } from '../db/client'
import { isKeyTaken, type Recorded } from '../db/queries/idempotency'
import { insertRetry, type RetryOutcome } from '../db/queries/retries'
import { callRuns } from '../db/queries/turns'
import { admit, refusedLately } from './admission'
import { registry } from '.'
import { recordOnce, type StartRequest } from './record-once'
import { workflows, type WorkflowName } from '../../workflows.config'

export type StartOutcome<R = Recorded> = { state: 'started', recorded: R } | { state: 'key-reused' }

/** Each holds a connection for several round trips: more at once would only wait for each other, and keep everybody else from the database. */
const recording = pLimit(4)

/**
 * The only door to a run: records what is asked for together with its run, once for each
 * idempotency key, and only then tells the runtime. What is recorded is never lost: a start
 * that a crash swallowed is made up for by the watchdog.
 * @throws Refused when the queue is full
 */
export async function startRun<R extends object = Recorded>(workflow: WorkflowName, request: StartRequest, record: (tx: Transaction) => Promise<R>): Promise<StartOutcome<R>> {
  const { actor, idempotencyKey: key } = request
  const refusal = refusedLately(actor)
  if (refusal && !(key && await isKeyTaken(actor, key))) throw refusal
  const outcome = await recording(() => recordOnce(request, tx => admit(tx, actor).then(() => record(tx))))
  if (!outcome) return { state: 'key-reused' }
  // Not waited for: what is recorded will run, and the caller need not wait for the queue.
  if (outcome.isNew) behindTheAnswer(startDue())
  return { state: 'started', recorded: outcome.recorded }
}

/** Records and starts the run that takes up a subject's failed or cancelled one. @param runId the run that is meant; absent: the latest */
export async function retryRun(workflow: WorkflowName, subjectId: string, actor: string, runId?: string): Promise<RetryOutcome> {
  const retry = await insertRetry({ workflow, subjectId, actor, runId }, tx => admit(tx, actor))
  if (retry.state === 'retrying') await startDue()
  return retry
}

const callDue = oneAtATime(async () => {
  for (const { id, workflow } of await callRuns(runTurns())) behindTheAnswer(tellRuntime(workflow, id))
})

/**
 * Starts the runs whose turn it is: recorded ones when there is room, and queued ones when another
 * has ended. What is lost here is made up for by the watchdog.
 */
export async function startDue(): Promise<void> {
  await callDue().catch((error: unknown) => log.warn({ error }, 'The runs whose turn it is could not be called; the watchdog will call them.'))
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
