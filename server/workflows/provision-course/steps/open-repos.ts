import { findCoursePlan, openRepo, repoSpecs } from '../../../courses'
import { fatalUnlessTransient, retryWhenDue, runConcurrently, type RunRef } from '../../../ledger'
import { UNLIMITED_RETRIES } from '../../../ledger/unlimited-retries'

/** Gives the lecture and every group its repository, protected and seeded, each at its own pace. */
export async function openRepos(run: RunRef): Promise<void> {
  'use step'
  const plan = await findCoursePlan(run.subjectId).catch(fatalUnlessTransient)
  retryWhenDue(await runConcurrently(repoSpecs(plan), spec => openRepo(run, plan, spec)))
}
openRepos.maxRetries = UNLIMITED_RETRIES
