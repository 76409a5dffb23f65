import type { Messages } from './message.ts'

/** Workspaces and their providers. */
export const workspaces = {
  NO_BASE: {
    status: 400,
    message: ({ provider }: { provider: string }) => `A ${provider} has no base branch, so base_branch does not apply.`,
    why: 'Only workspaces that are git branches start from another branch.',
    fix: 'Omit base_branch.',
  },
  RUN_ACTIVE: {
    status: 409,
    message: 'A run is working on this workspace already.',
    why: 'Two runs on one workspace would interfere with each other.',
    fix: 'Wait until the run ends, or cancel it first: POST /api/runs/{id}/cancel.',
  },
  PARENT_BUSY: {
    code: 'RESOURCE_BUSY',
    retryable: true,
    message: ({ name }: { name: string }) => `A run is working on the workspace ${name} of the challenge.`,
    why: 'The workspace of a task starts from the workspace of its challenge.',
    fix: 'Wait: the step continues by itself.',
  },
  NOT_REMOVABLE: {
    code: 'RESOURCE_CONFLICT',
    retryable: false,
    message: ({ provider }: { provider: string }) => `Atelier cannot remove a ${provider}.`,
    why: 'The API of its service does not allow that.',
    fix: 'Remove it there by hand, and unlink it here without removing it.',
  },
  PROVIDER_NOT_FOUND: {
    retryable: false,
    message: ({ type }: { type: string }) => `No provider creates workspaces in repositories of the type ${type}.`,
    why: ({ types }: { types: string }) => `There are providers for repositories of the types ${types}.`,
    fix: 'Use a repository of one of these types, or add a provider: CONTRIBUTING.md shows how.',
  },
  UNSUPPORTED_WORKSPACE_TYPE: {
    retryable: false,
    message: ({ repoType, type, types }: { repoType: string, type: string, types: string }) =>
      `Repositories of the type ${repoType} offer workspaces of the type ${types}, and none of the type ${type}.`,
    why: 'Each type of repository has its own types of workspace.',
    fix: 'Choose another workspace_type: GET /api/providers lists them.',
  },
  UNKNOWN_WORKSPACE_TYPE: {
    code: 'UNSUPPORTED_WORKSPACE_TYPE',
    retryable: false,
    message: ({ type }: { type: string }) => `No provider creates workspaces of the type ${type}.`,
    why: 'This version of Atelier does not have the provider that created the workspace.',
    fix: 'Install the version of Atelier that created the workspace, or add its provider.',
  },
  PROVIDER_NOT_CONFIGURED: {
    code: 'MISSING_CONFIGURATION',
    retryable: false,
    message: ({ variables }: { variables: string }) => `The server runs without a value for ${variables}.`,
    why: ({ provider }: { provider: string }) => `Atelier cannot use the provider ${provider} without it.`,
    fix: ({ variables, where }: { variables: string, where: string }) => `Set ${variables} and start Atelier again. ${where}`,
  },
} as const satisfies Messages
