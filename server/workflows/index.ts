import type { WorkflowName } from '../../workflows.config'
import { deprovisionWorkspace } from './deprovision-workspace'
import { provisionCourse } from './provision-course'
import { provisionWorkspace } from './provision-workspace'
import { prune } from './prune'
import { takeBackCourse } from './take-back-course'

/** Every workflow by the name that workflows.config.ts gives it. Each takes the id of its run and nothing else. */
export const registry: Record<WorkflowName, (runId: string) => Promise<void>> = {
  'deprovision-workspace': deprovisionWorkspace,
  'provision-course': provisionCourse,
  'provision-workspace': provisionWorkspace,
  'prune': prune,
  'take-back-course': takeBackCourse,
}
