import { workflows } from '~~/workflows.config'

const find = (name: string) => Object.entries(workflows).find(([key]) => key === name)?.[1]

/** What a workflow is called; its name where it is none of ours any more. */
export const workflowTitle = (name: string): string => find(name)?.title ?? name

/** How often a step is tried before its failure is final. */
export const mostAttempts = (name: string): number | undefined => find(name)?.retry.attempts
