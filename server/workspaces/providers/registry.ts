import { ProviderError } from '../../lib/errors'
import type { RepoType, WorkspaceType } from '../../../shared/schemas/workspace'
import { figmaProject } from './figma-project'
import { gitBranch } from './git-branch'
import { gitRepo } from './git-repo'
import { hfSpace } from './hf-space'
import type { WorkspaceProvider } from './types'

/** Every provider there is, in the order in which a type of repository prefers them. */
export const providers: readonly WorkspaceProvider[] = [gitBranch, gitRepo, hfSpace, figmaProject]

/** Whether all that the provider needs is set. */
export const isRegistered = (provider: WorkspaceProvider): boolean => provider.needs().every(need => need.isSet)

/** The provider of a workspace that was asked for before, whether or not it is registered now. */
export function providerOfType(type: WorkspaceType): WorkspaceProvider {
  const provider = providers.find(provider => provider.type === type)
  if (!provider) throw unsupported(`Nothing makes workspaces of the type ${type}.`)
  return provider
}

/**
 * The provider for a type of repository, never another's.
 * @param type the workspace's; absent: the first that there is for such repositories
 * @throws ProviderError PROVIDER_NOT_FOUND, UNSUPPORTED_WORKSPACE_TYPE, MISSING_CONFIGURATION
 */
export function findProvider(repoType: RepoType, type?: WorkspaceType): WorkspaceProvider {
  const fitting = providers.filter(provider => provider.repoTypes.includes(repoType))
  if (!fitting.length) throw new ProviderError({
    code: 'PROVIDER_NOT_FOUND',
    message: `No provider makes workspaces in repositories of the type ${repoType}.`,
    why: `There are providers for ${[...new Set(providers.flatMap(provider => provider.repoTypes))].join(', ')}, and none is used for another's repositories.`,
    fix: 'Use a repository of one of these types; CONTRIBUTING.md shows how to add a provider.',
    retryable: false,
  })
  const provider = type ? fitting.find(provider => provider.type === type) : fitting[0]!
  if (!provider) throw unsupported(`Repositories of the type ${repoType} have no workspaces of the type ${type}; they have ${fitting.map(provider => provider.type).join(', ')}.`)
  const missing = provider.needs().filter(need => !need.isSet)
  if (missing.length) throw new ProviderError({
    code: 'MISSING_CONFIGURATION',
    message: `${missing.map(need => need.variable).join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not set.`,
    why: `${provider.name} cannot be used without it.`,
    fix: missing.map(need => `Set ${need.variable} and start again. ${need.where}`).join(' '),
    retryable: false,
  })
  return provider
}

const unsupported = (message: string) => new ProviderError({
  code: 'UNSUPPORTED_WORKSPACE_TYPE',
  message,
  why: 'Each type of repository has its own kinds of workspace.',
  fix: 'Choose one of those; GET /api/providers lists them.',
  retryable: false,
})
