import type { WorkflowName } from '../../workflows.config'
import { deprovisionWorkspace } from '../workflows/deprovision-workspace'
import { provisionCourse } from '../workflows/provision-course'
import { provisionWorkspace } from '../workflows/provision-workspace'
import { prune } from '../workflows/prune'
import { rollbackCourse } from '../workflows/rollback-course'

/** Every workflow by the name that workflows.config.ts gives it. Each takes the id of its run and nothing else. */
export const registry: Record<WorkflowName, (runId: string) => Promise<void>> = {
  'deprovision-workspace': deprovisionWorkspace,
  'provision-course': provisionCourse,
  'provision-workspace': provisionWorkspace,
  'prune': prune,
  'rollback-course': rollbackCourse,
}
