import { executeInOneStep } from '../../engine/workflow'
import { removeWorkspace } from './steps'

/** Removes a workspace in which nobody has worked, first outside and then in the database. */
export async function deprovisionWorkspace(runId: string) {
  'use workflow'
  await executeInOneStep(runId, removeWorkspace)
}
