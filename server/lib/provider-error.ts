import type { Failure } from '../../shared/schemas/problem'
import { type Args, type CodeOf, messages, type ProviderMessageId, write } from './messages'

/** What can go wrong with an outside service, by stable code. */
export type ProviderErrorCode = CodeOf<ProviderMessageId>

/** What a failure carries for programs alone. */
export interface Circumstances {
  /** Milliseconds the provider asks to wait. */
  retryAfter?: number
  /** Set when no call was made. */
  unsent?: true
  cause?: unknown
}

interface Content extends Failure, Circumstances {
  code: ProviderErrorCode
  /** Whether the same call may succeed later without anybody doing anything. */
  retryable: boolean
}

/** A failure of an outside service that says what happened, why, and what to do. */
export class ProviderError extends Error {
  readonly code: ProviderErrorCode
  readonly why: string
  readonly fix: string
  readonly retryable: boolean
  readonly retryAfter: number | undefined
  readonly unsent: boolean

  constructor({ code, message, why, fix, retryable, retryAfter, unsent, cause }: Content) {
    super(message, { cause })
    this.name = 'ProviderError'
    this.code = code
    this.why = why
    this.fix = fix
    this.retryable = retryable
    this.retryAfter = retryAfter
    this.unsent = unsent ?? false
  }
}

/** No provider creates workspaces in repositories of this type. */
export class ProviderNotFoundError extends ProviderError {
  override name = 'ProviderNotFoundError'
}

/** The repository offers no workspaces of this type. */
export class UnsupportedWorkspaceTypeError extends ProviderError {
  override name = 'UnsupportedWorkspaceTypeError'
}

/** A token or another variable is not set. */
export class MissingConfigurationError extends ProviderError {
  override name = 'MissingConfigurationError'
}

/** A service refuses the token. */
export class ProviderAuthenticationError extends ProviderError {
  override name = 'ProviderAuthenticationError'
}

/** The repository, or what else a workspace is created in, does not exist. */
export class ParentResourceNotFoundError extends ProviderError {
  override name = 'ParentResourceNotFoundError'
}

/** The name of a workspace is taken outside. */
export class WorkspaceAlreadyExistsError extends ProviderError {
  override name = 'WorkspaceAlreadyExistsError'
}

const NAMED: Partial<Record<ProviderErrorCode, typeof ProviderError>> = {
  PROVIDER_NOT_FOUND: ProviderNotFoundError,
  UNSUPPORTED_WORKSPACE_TYPE: UnsupportedWorkspaceTypeError,
  MISSING_CONFIGURATION: MissingConfigurationError,
  PROVIDER_AUTHENTICATION: ProviderAuthenticationError,
  PARENT_NOT_FOUND: ParentResourceNotFoundError,
  ALREADY_EXISTS: WorkspaceAlreadyExistsError,
}

/** A message about a service as an error: `throw providerError('REPO_NOT_OURS', { name }, { cause })`. */
export function providerError<Id extends ProviderMessageId>(id: Id, ...args: [...Args<Id>, circumstances?: Circumstances]): ProviderError {
  const [details, circumstances] = args
  const content = write(id, details)
  const NamedError = NAMED[content.code as ProviderErrorCode] ?? ProviderError
  return new NamedError({ ...content, retryable: messages[id].retryable, ...circumstances as Circumstances | undefined })
}
