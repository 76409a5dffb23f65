import { executeInOneStep } from '../../engine/workflow'
import { createWorkspace } from './steps'

/** Creates the workspace of a challenge or a task in one repository; a task's starts from the challenge's. */
export async function provisionWorkspace(runId: string) {
  'use workflow'
  await executeInOneStep(runId, createWorkspace)
}
