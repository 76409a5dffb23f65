import type { Failure } from '../../shared/schemas/problem'
import { redact } from './redact'

/** What can go wrong with an outside service, by stable code. */
export type ProviderErrorCode
  = | 'MISSING_CONFIGURATION'
    | 'WRONG_CONFIGURATION'
    | 'PROVIDER_AUTHENTICATION'
    | 'PROVIDER_FORBIDDEN'
    | 'PARENT_NOT_FOUND'
    | 'RESOURCE_CONFLICT'
    | 'ALREADY_EXISTS'
    | 'PROVIDER_REJECTED'
    | 'PROVIDER_UNAVAILABLE'
    | 'RATE_LIMITED'
    | 'RESOURCE_BUSY'
    | 'FEATURE_UNAVAILABLE'
    | 'CAPACITY_EXCEEDED'
    | 'RUN_CANCELLED'
    | 'PROVIDER_NOT_FOUND'
    | 'UNSUPPORTED_WORKSPACE_TYPE'
    | 'AWAITS_PERSON'
    | 'LEASE_LOST'
    | 'STEP_TIMEOUT'

/** The names that the seed gives some of them. */
const NAMES: Partial<Record<ProviderErrorCode, string>> = {
  PROVIDER_NOT_FOUND: 'ProviderNotFoundError',
  UNSUPPORTED_WORKSPACE_TYPE: 'UnsupportedWorkspaceTypeError',
  MISSING_CONFIGURATION: 'MissingConfigurationError',
  PROVIDER_AUTHENTICATION: 'ProviderAuthenticationError',
  PARENT_NOT_FOUND: 'ParentResourceNotFoundError',
  ALREADY_EXISTS: 'WorkspaceAlreadyExistsError',
}

interface Details extends Failure {
  code: ProviderErrorCode
  /** Whether the same call may succeed later without anybody doing anything. */
  retryable: boolean
  /** Milliseconds the provider asks to wait. */
  retryAfter?: number
  /** Set when no call was made. */
  unsent?: true
  cause?: unknown
}

/** A failure of an outside service that says what happened, why, and how to mend it. */
export class ProviderError extends Error {
  readonly code: ProviderErrorCode
  readonly why: string
  readonly fix: string
  readonly retryable: boolean
  readonly retryAfter: number | undefined
  readonly unsent: boolean

  constructor({ code, message, why, fix, retryable, retryAfter, unsent, cause }: Details) {
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

/** The failure as it is stored and shown; anything unforeseen becomes a retryable bug report. */
export function toFailure(error: unknown): Failure {
  const message = redact(error instanceof Error ? error.message : String(error))
  if (error instanceof ProviderError) return { ...(NAMES[error.code] && { name: error.name }), code: error.code, message, why: error.why, fix: error.fix }
  return {
    code: 'UNEXPECTED',
    message,
    why: 'Atelier did not foresee this.',
    fix: 'Retry; if it stays, report it with the log of the time it happened.',
  }
}
