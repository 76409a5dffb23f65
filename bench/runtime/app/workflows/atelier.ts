import { getWorkflowMetadata } from 'workflow'
import { attempt } from '../../../../server/ledger'
import { claimRun, settleRun } from '../../../../server/db/queries/runs'
import { CRASH_PROOF } from '../../../../workflows.config'

const retry = { attempts: 5, baseMs: 5_000, factor: 2 }

/** The same with Atelier's additions: the database records the claim, each attempt, and the end of the run. */
export async function atelierRun(runId: string) {
  'use workflow'
  await claim(runId, getWorkflowMetadata().workflowRunId)
  await attemptFirst(runId)
  await attemptSecond(runId)
  await attemptThird(runId)
  await settle(runId)
}

async function claim(runId: string, runtimeRunId: string) {
  'use step'
  await claimRun(runId, runtimeRunId)
}
claim.maxRetries = CRASH_PROOF

async function attemptFirst(runId: string) {
  'use step'
  await attemptStep(runId, 'CREATE_GITHUB_REPO')
}
attemptFirst.maxRetries = CRASH_PROOF

async function attemptSecond(runId: string) {
  'use step'
  await attemptStep(runId, 'APPLY_BRANCH_PROTECTION')
}
attemptSecond.maxRetries = CRASH_PROOF

async function attemptThird(runId: string) {
  'use step'
  await attemptStep(runId, 'SEED_GITHUB_CONTENT')
}
attemptThird.maxRetries = CRASH_PROOF

async function settle(runId: string) {
  'use step'
  await settleRun(runId, null)
}
settle.maxRetries = CRASH_PROOF

async function attemptStep(runId: string, step: string) {
  await attempt({ runId, retry }, step, 'main', () => Promise.resolve(null))
}
