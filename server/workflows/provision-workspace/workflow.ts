import { getWorkflowMetadata } from 'workflow'
import { claimWorkspace, makeWorkspace, settleWorkspace } from './steps'

/** Gives a challenge or a task its workspace in one repository; a task's begins from the challenge's. */
export async function provisionWorkspace(runId: string) {
  'use workflow'
  const workspace = await claimWorkspace(runId, getWorkflowMetadata().workflowRunId)
  if (!workspace) return
  let unforeseen: string | null = null
  try {
    await makeWorkspace(workspace)
  }
  catch (error) {
    unforeseen = String(error)
  }
  finally {
    await settleWorkspace(workspace, unforeseen)
  }
}
