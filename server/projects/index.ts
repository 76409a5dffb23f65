import { requireBy } from '../http/require'
import { findProject, findRepo } from './queries'

export { checkRepoId, requireAllowed } from './problems'
export * from './queries'
export { toProject, toRepo } from './view'

export const requireProject = requireBy('project', findProject)
export const requireRepo = requireBy('repository', findRepo)
