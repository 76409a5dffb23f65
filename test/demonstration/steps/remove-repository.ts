import { attempt, remove, retryWhenDue, type RunRef } from '../../../server/ledger'
import { listSubjectResources } from '../../../server/ledger/queries/resources'
import { UNLIMITED_RETRIES } from '../../../server/ledger/unlimited-retries'
import { findRemovableRepo } from '../../../server/lib/github'
import { markerOf } from '../marker'

/** Removes the repository and what is in it. Without a repository there is no such item, and nothing to do. */
export async function removeRepository(run: RunRef): Promise<void> {
  'use step'
  const repo = (await listSubjectResources(run.subjectId)).find(({ type }) => type === 'REPO')
  if (!repo) return
  const marker = markerOf(run.subjectId)
  retryWhenDue([await attempt(run, 'REMOVE_DEMO_REPO', 'main', () => remove(repo, {
    contains: ['BRANCH_PROTECTION'],
    find: ({ created }) => findRemovableRepo({ name: repo.name, marker, id: created?.id }),
  }))])
}
removeRepository.maxRetries = UNLIMITED_RETRIES
