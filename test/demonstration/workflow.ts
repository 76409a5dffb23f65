import { executeRun, waitFor } from '../../server/engine/workflow'
import { createRepository, protectRepository, workLong } from './steps'
import type { Approval } from './types'

/** Creates a repository, works for long, waits for an approval, and protects the repository. */
export async function demonstration(runId: string) {
  'use workflow'
  await executeRun(runId, async (run) => {
    await createRepository(run)
    await workLong(run)
    const { purpose } = await waitFor<Approval>(run, 'approval')
    return protectRepository(run, purpose)
  })
}
