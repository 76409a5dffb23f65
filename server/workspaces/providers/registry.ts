import { providerError } from '../../lib/errors'
import type { RepoType, WorkspaceType } from '../../../shared/schemas/workspace'
import { figmaProject } from './figma-project'
import { gitBranch } from './git-branch'
import { gitRepo } from './git-repo'
import { hfSpace } from './hf-space'
import type { WorkspaceProvider } from './types'

/** All providers, in the order in which a type of repository prefers them. */
export const providers: readonly WorkspaceProvider[] = [gitBranch, gitRepo, hfSpace, figmaProject]

/** Whether all variables that the provider needs are set. */
export const isRegistered = (provider: WorkspaceProvider): boolean => provider.needs().every(need => need.isSet)

/** The provider of a recorded workspace, whether or not it is registered now. */
export function providerOfType(type: WorkspaceType): WorkspaceProvider {
  const provider = providers.find(provider => provider.type === type)
  if (!provider) throw providerError('UNKNOWN_WORKSPACE_TYPE', { type })
  return provider
}

/**
 * The provider for a type of repository.
 * @param type the type of the workspace; absent: the first one for such repositories
 * @throws ProviderError PROVIDER_NOT_FOUND, UNSUPPORTED_WORKSPACE_TYPE, MISSING_CONFIGURATION
 */
export function findProvider(repoType: RepoType, type?: WorkspaceType): WorkspaceProvider {
  const fitting = providers.filter(provider => provider.repoTypes.includes(repoType))
  if (!fitting.length) throw providerError('PROVIDER_NOT_FOUND', {
    type: repoType,
    types: listOf(providers.flatMap(provider => provider.repoTypes)),
  })
  const provider = type ? fitting.find(provider => provider.type === type) : fitting[0]!
  if (!provider) throw providerError('UNSUPPORTED_WORKSPACE_TYPE', {
    repoType,
    type: type!,
    types: listOf(fitting.map(provider => provider.type)),
  })
  const missing = provider.needs().filter(need => !need.isSet)
  if (missing.length) throw providerError('PROVIDER_NOT_CONFIGURED', {
    provider: provider.name,
    variables: missing.map(need => need.variable).join(' and '),
    where: missing.map(need => need.where).join(' '),
  })
  return provider
}

const listOf = (types: string[]): string => [...new Set(types)].join(', ')
