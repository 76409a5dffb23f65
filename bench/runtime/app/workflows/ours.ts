import { getWorkflowMetadata } from 'workflow'
import { attempt } from '../../../../server/ledger'
import { claimRun, settleRun } from '../../../../server/engine/queries/runs'
import { CRASH_PROOF } from '../../../../workflows.config'

const retry = { attempts: 5, baseMs: 5_000, factor: 2 }

/** The same with what Atelier adds to a run and a step: claimed, attempted, settled, each written down. */
export async function ours(runId: string) {
  'use workflow'
  await claim(runId, getWorkflowMetadata().workflowRunId)
  await makeFirst(runId)
  await makeSecond(runId)
  await makeThird(runId)
  await settle(runId)
}

async function claim(runId: string, runtimeRunId: string) {
  'use step'
  await claimRun(runId, runtimeRunId)
}
claim.maxRetries = CRASH_PROOF

async function makeFirst(runId: string) {
  'use step'
  await make(runId, 'CREATE_GITHUB_REPO')
}
makeFirst.maxRetries = CRASH_PROOF

async function makeSecond(runId: string) {
  'use step'
  await make(runId, 'APPLY_BRANCH_PROTECTION')
}
makeSecond.maxRetries = CRASH_PROOF

async function makeThird(runId: string) {
  'use step'
  await make(runId, 'SEED_GITHUB_CONTENT')
}
makeThird.maxRetries = CRASH_PROOF

async function settle(runId: string) {
  'use step'
  await settleRun(runId, null)
}
settle.maxRetries = CRASH_PROOF

async function make(runId: string, step: string) {
  await attempt({ runId, retry }, step, 'main', () => Promise.resolve(null))
}
