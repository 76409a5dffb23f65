import { getWorkflowMetadata } from 'workflow'
import { removeWorkspace, settleRemoval } from './steps'

/** Removes a workspace that nobody has worked in, outside and then here. */
export async function deprovisionWorkspace(runId: string) {
  'use workflow'
  try {
    await removeWorkspace(runId, getWorkflowMetadata().workflowRunId)
  }
  catch (error) {
    await settleRemoval(runId, String(error))
  }
}
