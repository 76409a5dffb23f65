/**
 * The places where challenges and tasks are worked on: the provisioner. Providers, their registry and their
 * types stand in `providers/`.
 */
export { planTaskWorkspace, planWorkspace } from './plan'
export * from './providers'
export { ensureBase, ensureParent, ensureWorkspace, findRemovable } from './provision'
export * from './queries/removals'
export * from './queries/workspaces'
export { askProvider } from './observed-state'
export { removeWorkspace } from './remove'
export { workspaceSubject } from './subject'
export { provisioningOf, toProvisionings, toWorkspace } from './view'
