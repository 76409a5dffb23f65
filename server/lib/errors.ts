import type { Failure } from '../../shared/schemas/problem'
import { failure } from './messages'
import { ProviderError } from './provider-error'
import { redact } from './redact'

export * from './provider-error'

/** The failure as it is stored and shown; anything unexpected becomes a retryable bug report. */
export function toFailure(error: unknown): Failure {
  const message = redact(error instanceof Error ? error.message : String(error))
  if (!(error instanceof ProviderError)) return failure('UNEXPECTED', { said: message })
  const { name, code, why, fix } = error
  return { ...(name !== 'ProviderError' && { name }), code, message, why, fix }
}
