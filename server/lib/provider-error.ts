import type { Failure } from '../../shared/schemas/problem'
import type { CodeOf, ProviderMessageId } from './messages'

/** What can go wrong with an outside service, by stable code. */
export type ProviderErrorCode = CodeOf<ProviderMessageId>

/** The names that the published API gives some of them. */
const NAMES: Partial<Record<ProviderErrorCode, string>> = {
  PROVIDER_NOT_FOUND: 'ProviderNotFoundError',
  UNSUPPORTED_WORKSPACE_TYPE: 'UnsupportedWorkspaceTypeError',
  MISSING_CONFIGURATION: 'MissingConfigurationError',
  PROVIDER_AUTHENTICATION: 'ProviderAuthenticationError',
  PARENT_NOT_FOUND: 'ParentResourceNotFoundError',
  ALREADY_EXISTS: 'WorkspaceAlreadyExistsError',
}

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
    this.name = NAMES[code] ?? 'ProviderError'
    this.code = code
    this.why = why
    this.fix = fix
    this.retryable = retryable
    this.retryAfter = retryAfter
    this.unsent = unsent ?? false
  }
}
