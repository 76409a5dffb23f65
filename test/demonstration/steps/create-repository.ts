import { attempt, ensure, retryWhenDue, type RunRef } from '../../../server/ledger'
import { UNLIMITED_RETRIES } from '../../../server/ledger/unlimited-retries'
import { createRepo, findOwnRepo } from '../../../server/lib/github'
import { markerOf } from '../marker'
import type { Input } from '../types'

/** Creates the repository that the input names. */
export async function createRepository(run: RunRef): Promise<void> {
  'use step'
  const { name } = run.input as Input
  const { runId, subjectType, subjectId } = run
  const repo = { name, description: 'A demonstration', marker: markerOf(subjectId) }
  retryWhenDue([await attempt(run, 'CREATE_DEMO_REPO', 'main', async () => {
    await ensure({ subjectType, subjectId, runId, service: 'GITHUB', type: 'REPO', key: 'main', name }, {
      look: 'after-interruption',
      find: () => findOwnRepo(repo),
      create: () => createRepo(repo),
    })
  })])
}
createRepository.maxRetries = UNLIMITED_RETRIES
