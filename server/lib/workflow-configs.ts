import { type WorkflowConfig, type WorkflowName, workflows } from '../../workflows.config'

// In development steps are bundled apart from the server: the process, not the module, has the registry.
const shared = globalThis as typeof globalThis & { __atelierWorkflows?: Map<string, WorkflowConfig> }
const registered = (): Map<string, WorkflowConfig> =>
  shared.__atelierWorkflows ??= new Map<string, WorkflowConfig>(Object.entries(workflows))

/** Adds a workflow that is not in workflows.config.ts: one of an extension. */
export function registerWorkflow(name: string, config: WorkflowConfig): void {
  registered().set(name, config)
}

/** All workflows by name. */
export const listWorkflowConfigs = (): [string, WorkflowConfig][] => [...registered()]

/** The configuration of a workflow, if there is one of that name. */
export const findConfig = (workflow: string): WorkflowConfig | undefined => registered().get(workflow)

/** The configuration of a workflow. @throws when there is none of that name */
export function configOf(workflow: WorkflowName | (string & {})): WorkflowConfig {
  const config = findConfig(workflow)
  if (!config) throw new Error(`There is no workflow ${workflow}.`)
  return config
}
