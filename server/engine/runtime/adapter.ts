import { defineHook } from 'workflow'
import { getRun, resumeHook, start } from 'workflow/api'
import { getWorld } from 'workflow/runtime'
import { reenqueueRun } from '@workflow/core/runtime'
import type { z } from 'zod'
import { configOf } from '../../lib/workflow-configs'
import type { ReopenedStep } from '../queries/runtime'
import { databaseClockKnown } from './process-clock'
import { runtimeState } from './state'

/**
 * Everything that the engine asks of the workflow runtime, and the one place that does. An execution is the
 * runtime's own record of a run.
 */

/** `provision-course` -> `provisionCourse`. */
const camelCase = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

/**
 * The runtime's id of a workflow: the path of its module, and the name of its entry.
 * https://useworkflow.dev/docs/how-it-works/code-transform
 */
export const workflowIdOf = (name: string): string =>
  `workflow//./${configOf(name).module ?? `server/workflows/${name}/workflow`}//${camelCase(name)}`

/** Starts an execution of a workflow. It claims the run in its first step, so that a second start ends at once. */
export async function startExecution(workflow: string, runId: string): Promise<void> {
  // The id of an execution carries the time, and their generator never goes back to a clock that was wrong before.
  if (runtimeState() !== 'elsewhere') await databaseClockKnown()
  await start({ workflowId: workflowIdOf(workflow) }, [runId])
}

/** Enqueues an execution that has stalled. For one that is going on it does no harm. */
export const enqueueExecution = (executionId: string): Promise<void> => reenqueueRun(getWorld(), executionId)

/** Ends an execution, and with it what it waits for. Its step that is under way goes on to its end. */
export const cancelExecution = (executionId: string): Promise<void> => getRun(executionId).cancel()

/** The state of an execution in the runtime. */
export const executionStatus = (executionId: string): Promise<string> => getRun(executionId).status

/** What the runtime says about an execution that failed. */
export async function executionError(executionId: string): Promise<string | undefined> {
  return (await getWorld().runs.get(executionId)).error?.message
}

/** Resumes what waits under a token, with an answer that the schema accepts. */
export async function resumeExecution(token: string, answer: unknown, schema?: z.ZodType): Promise<void> {
  await (schema ? defineHook({ schema }).resume(token, answer) : resumeHook(token, answer))
}

/**
 * Asks the runtime for a step itself, and without an idempotency key: asked through its run, a process that looked
 * at the step before it was reopened takes it for done for as long as it lives.
 */
export async function enqueueStep({ runtimeRunId, workflowName, startedAtMs, stepId, stepName }: ReopenedStep): Promise<void> {
  await getWorld().queue(`__wkf_step_${stepName}`, {
    workflowName, workflowRunId: runtimeRunId, workflowStartedAt: startedAtMs, stepId, requestedAt: new Date(),
  })
}
