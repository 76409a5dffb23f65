import { executeRun } from '../../../../server/engine/workflow'
import { attempt, type RunRef } from '../../../../server/ledger'
import { UNLIMITED_RETRIES } from '../../../../server/ledger/unlimited-retries'

/** The same with what Atelier adds to a run and a step: claimed, attempted, settled, each recorded. */
export async function atelierRun(runId: string) {
  'use workflow'
  await executeRun(runId, async (run) => {
    await createFirst(run)
    await createSecond(run)
    await createThird(run)
  })
}

async function createFirst(run: RunRef) {
  'use step'
  await create(run, 'CREATE_GITHUB_REPO')
}
createFirst.maxRetries = UNLIMITED_RETRIES

async function createSecond(run: RunRef) {
  'use step'
  await create(run, 'APPLY_BRANCH_PROTECTION')
}
createSecond.maxRetries = UNLIMITED_RETRIES

async function createThird(run: RunRef) {
  'use step'
  await create(run, 'SEED_GITHUB_CONTENT')
}
createThird.maxRetries = UNLIMITED_RETRIES

async function create(run: RunRef, step: string) {
  await attempt(run, step, 'main', () => Promise.resolve(null))
}
