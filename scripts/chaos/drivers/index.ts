import type { WorkflowName } from '../../../workflows.config.ts'
import type { Driver } from '../scenario.ts'
import { deprovisionWorkspace } from './deprovision-workspace.ts'
import { provisionCourse } from './provision-course.ts'
import { provisionWorkspace } from './provision-workspace.ts'
import { prune } from './prune.ts'
import { rollbackCourse } from './rollback-course.ts'

/** The driver of each workflow. A workflow without a driver does not typecheck. */
export const drivers: Record<WorkflowName, Driver> = {
  'deprovision-workspace': deprovisionWorkspace,
  'provision-course': provisionCourse,
  'provision-workspace': provisionWorkspace,
  'prune': prune,
  'rollback-course': rollbackCourse,
}
