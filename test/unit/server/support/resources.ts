import { ensure, type RunRef } from '../../../../server/ledger/index.ts'
import type { ResourceIdentity } from '../../../../server/lib/resource-driver.ts'

/** The identity of a repository that a run creates. */
export const repoOf = ({ runId, subjectType, subjectId }: RunRef, key: string): ResourceIdentity =>
  ({ runId, subjectType, subjectId, service: 'GITHUB', type: 'REPO', key, name: key })

/** Has a run create a repository. */
export const createRepo = (run: RunRef, key: string) => ensure(repoOf(run, key), {
  look: 'after-interruption',
  find: () => Promise.resolve(null),
  create: () => Promise.resolve({ id: `id of ${key}`, url: `https://example.org/${key}` }),
})

/** Has a run ask for a repository whose creation nobody knows the outcome of. */
export const loseRepo = (run: RunRef, key: string) => ensure(repoOf(run, key), {
  look: 'after-interruption',
  find: () => Promise.resolve(null),
  create: () => Promise.reject(new Error('The answer was lost.')),
}).catch(() => undefined)
