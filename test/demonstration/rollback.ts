import { executeRun } from '../../server/engine/workflow'
import { awaitCalls, removeRepository } from './steps'

/** Removes the repository of a cancelled demonstration, once its last calls have ended. */
export async function rollbackDemonstration(runId: string) {
  'use workflow'
  await executeRun(runId, async (run) => {
    await awaitCalls(run)
    await removeRepository(run)
  })
}
