import { workflows } from '../../../workflows.config'
import type { Work } from '../../ledger'
import type { ResourceIdentity } from '../../ledger/queries/resources'
import type { CourseRef } from '../../workflows/provision-course/types'

/** The attempts of a course's run. */
export const workOf = ({ runId, courseId }: CourseRef): Work => ({ runId, courseId, retry: workflows['provision-course'].retry })

/** One thing of a course, as the ledger knows it. */
export const resourceOf = ({ runId, courseId }: CourseRef, resource: Pick<ResourceIdentity, 'service' | 'type' | 'key' | 'name' | 'groupNumber'>): ResourceIdentity =>
  ({ subjectType: 'course', subjectId: courseId, runId, ...resource })

/** The mark by which a thing outside is known again as this course's own. */
export const markerOf = ({ courseId }: Pick<CourseRef, 'courseId'>, key: string) => `atelier:${courseId}/${key}`
