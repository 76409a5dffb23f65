import { requireBy } from '../http/require'
import { findWorkspace } from './queries/workspaces'

/**
 * The provisioner: the places where people work on challenges and tasks. Providers, their registry and their
 * types are in `providers/`.
 */
export {
  MissingConfigurationError, ParentResourceNotFoundError, ProviderAuthenticationError, ProviderNotFoundError,
  UnsupportedWorkspaceTypeError, WorkspaceAlreadyExistsError,
} from '../lib/errors'
export { planTaskWorkspace, planWorkspace } from './plan'
export * from './providers'
export { findRemovable, provisionChallengeWorkspace, provisionTaskWorkspace } from './provision'
export * from './queries/removals'
export * from './queries/workspaces'
export { removeWorkspace } from './remove'
export { reprovisionWorkspace } from './reprovision'
export { workspaceSubject } from './subject'
export { provisioningOf, toProvider, toProvisionings, toWorkspace } from './view'

export const requireWorkspace = requireBy('workspace', findWorkspace)
