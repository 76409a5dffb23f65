import { executeInOneStep } from '../../engine/workflow'
import { removeWorkspace } from './steps'

/** Removes a workspace that nobody has worked in, outside and then here. */
export async function deprovisionWorkspace(runId: string) {
  'use workflow'
  await executeInOneStep(runId, removeWorkspace)
}
