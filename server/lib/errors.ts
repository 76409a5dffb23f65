import type { Failure } from '../../shared/schemas/problem'
import { errorText } from './describe-error'
import { failure } from './messages'
import { ProviderError } from './provider-error'
import { redact } from './redact'

export * from './provider-error'

/** The failure as it is stored and shown; anything unexpected becomes a retryable bug report. */
export function toFailure(error: unknown): Failure {
  if (!(error instanceof ProviderError)) return failure('UNEXPECTED', { said: errorText(error) })
  const { name, code, message, why, fix } = error
  return { ...(name !== 'ProviderError' && { name }), code, message: redact(message), why: redact(why), fix: redact(fix) }
}
