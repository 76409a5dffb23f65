import { getWorkflowMetadata } from 'workflow'
import { makeWorkspace, settleWorkspace } from './steps'

/**
 * Gives a challenge or a task its workspace in one repository; a task's begins from the challenge's.
 * Claiming and settling the run are a part of the one step: a step of their own would take longer than the calls.
 */
export async function provisionWorkspace(runId: string) {
  'use workflow'
  try {
    await makeWorkspace(runId, getWorkflowMetadata().workflowRunId)
  }
  catch (error) {
    await settleWorkspace(runId, String(error))
  }
}
