import type { WorkflowName } from '../../../workflows.config.ts'
import type { Driver } from '../scenario.ts'
import { deprovisionWorkspace } from './deprovision-workspace.ts'
import { provisionCourse } from './provision-course.ts'
import { provisionWorkspace } from './provision-workspace.ts'
import { prune } from './prune.ts'
import { rollbackCourse } from './rollback-course.ts'

/** A workflow without a driver does not typecheck. */
const driverOf: Record<WorkflowName, Driver> = {
  'deprovision-workspace': deprovisionWorkspace,
  'provision-course': provisionCourse,
  'provision-workspace': provisionWorkspace,
  'prune': prune,
  'rollback-course': rollbackCourse,
}

/** The driver of each workflow, by its name. */
export const drivers: Record<string, Driver> = { ...driverOf }

/** Adds the driver of a workflow that is not in workflows.config.ts: one of an extension. */
export function registerDriver(workflow: string, driver: Driver): void {
  drivers[workflow] = driver
}
