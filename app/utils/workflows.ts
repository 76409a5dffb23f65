import { workflows } from '~~/workflows.config'

const find = (name: string) => Object.entries(workflows).find(([key]) => key === name)?.[1]

/** What a workflow is called; its name where it is none of ours any more. */
export const workflowTitle = (name: string): string => find(name)?.title ?? name

/** Whether there is a workflow that takes back what this one makes. */
export const canBeTakenBack = (name: string): boolean => Object.values(workflows).some(workflow => 'takesBack' in workflow && workflow.takesBack === name)

/** How often a step is tried before its failure is final. */
export const mostAttempts = (name: string): number | undefined => find(name)?.retry.attempts
