import { defineHook, getWorkflowMetadata, sleep } from 'workflow'
import type { RunRef } from '../ledger'
import { claim, endWait, openWait, settle } from './steps'

/**
 * What the engine offers workflow bodies. It runs inside the runtime's sandbox: nothing here may reach a `node:` import.
 */

/**
 * Claims a run, does its work and settles it by the outcome of its items; the same for every workflow.
 * Ends at once when another execution has the run.
 * @param work returns the run's output
 */
export async function executeRun(runId: string, work: (run: RunRef) => Promise<unknown>): Promise<void> {
  let unexpected: string | null = null
  let output: unknown = null
  try {
    const run = await claim(runId, getWorkflowMetadata().workflowRunId)
    if (!run) return
    output = await work(run) ?? null
  }
  catch (error) {
    unexpected = String(error)
  }
  await settle(runId, unexpected, output)
}

/**
 * The same for a workflow of one step, which claims and settles the run itself: a runtime step costs more than the
 * calls within it.
 * @param step claims, works and settles, and does nothing when another execution has the run
 */
export async function executeInOneStep(runId: string, step: (runId: string, executionId: string) => Promise<void>): Promise<void> {
  try {
    await step(runId, getWorkflowMetadata().workflowRunId)
  }
  catch (error) {
    await settle(runId, String(error), null)
  }
}

const answered = defineHook<unknown>()

/**
 * Waits until a person or another system has answered; that may take days, and costs nothing.
 * @param kind of the wait, as workflows.config.ts describes it
 * @throws when nobody answers before the deadline
 */
export async function waitFor<T>(run: RunRef, kind: string): Promise<T> {
  const token = `${kind}:${run.runId}`
  const answer = answered.create({ token })
  const deadline = await openWait(run, kind, token)
  const outcome = await (deadline ? Promise.race([answer, sleep(deadline).then(() => EXPIRED)]) : answer)
  await endWait(run, kind)
  if (outcome === EXPIRED) throw new Error(`Nobody answered "${kind}" in time.`)
  return outcome as T
}

const EXPIRED = 'expired'
