import type { WorkflowName } from '../../../workflows.config.ts'
import type { Driver } from '../order.ts'
import { deprovisionWorkspace } from './deprovision-workspace.ts'
import { provisionCourse } from './provision-course.ts'
import { provisionWorkspace } from './provision-workspace.ts'
import { prune } from './prune.ts'
import { takeBackCourse } from './take-back-course.ts'

/** A driver for each workflow there is; one that has none is refused by the types and by a test. */
export const drivers: Record<WorkflowName, Driver> = {
  'deprovision-workspace': deprovisionWorkspace,
  'provision-course': provisionCourse,
  'provision-workspace': provisionWorkspace,
  'prune': prune,
  'take-back-course': takeBackCourse,
}
