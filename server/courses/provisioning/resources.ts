import type { RunRef } from '../../ledger'
import type { ResourceIdentity } from '../../lib/resource-driver'

/** One resource of a course, as the ledger knows it. */
export const resourceOf = (
  { runId, subjectType, subjectId }: RunRef, resource: Pick<ResourceIdentity, 'service' | 'type' | 'key' | 'name'>,
): ResourceIdentity => ({ subjectType, subjectId, runId, ...resource })

/** The marker by which an outside resource is recognised as this course's own. */
export const markerOf = (courseId: string, key: string) => `atelier:${courseId}/${key}`
