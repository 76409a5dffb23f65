import { requireBy } from '../http/require'
import { findChallenge } from './queries/challenges'
import { findTask } from './queries/tasks'

export { assignTask } from './assign'
export { linkRepo } from './link'
export { checkParent } from './problems'
export * from './queries/assignments'
export * from './queries/challenges'
export * from './queries/tasks'
export { provisioningOfTask, toAssignee, toTask, toTasks } from './task-view'
export { toChallenge, toChallengeLinks, toChallengeRepo } from './view'

export const requireChallenge = requireBy('challenge', findChallenge)
export const requireTask = requireBy('task', findTask)
