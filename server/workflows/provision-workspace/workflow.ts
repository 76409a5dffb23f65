import { executeInOneStep } from '../../engine/workflow'
import { createWorkspace } from './steps'

/** Gives a challenge or a task its workspace in one repository; a task's begins from the challenge's. */
export async function provisionWorkspace(runId: string) {
  'use workflow'
  await executeInOneStep(runId, createWorkspace)
}
