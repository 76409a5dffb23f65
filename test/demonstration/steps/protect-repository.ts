import { attempt, ensure, retryWhenDue, type RunRef, valueOf } from '../../../server/ledger'
import { UNLIMITED_RETRIES } from '../../../server/ledger/unlimited-retries'
import { protectBranch } from '../../../server/lib/github'
import type { Input } from '../types'

/** Protects the repository for the approved purpose. @returns the output of the run; null when that failed for good */
export async function protectRepository(run: RunRef, purpose: string): Promise<{ repository: string, purpose: string } | null> {
  'use step'
  const { name } = run.input as Input
  const { runId, subjectType, subjectId } = run
  const outcome = await attempt(run, 'PROTECT_DEMO_REPO', 'main', async () => {
    await ensure({ subjectType, subjectId, runId, service: 'GITHUB', type: 'BRANCH_PROTECTION', key: 'main', name }, {
      look: 'after-interruption',
      find: () => Promise.resolve(null),
      create: async () => {
        await protectBranch({ name, branch: 'main' })
        return { id: name, url: '' }
      },
    })
    return { repository: name, purpose }
  })
  retryWhenDue([outcome])
  return valueOf(outcome) ?? null
}
protectRepository.maxRetries = UNLIMITED_RETRIES
