import type { Failure } from '../../shared/schemas/problem'
import { type Args, failure, messages, type ProviderMessageId, write } from './messages'
import { errorText } from './describe-error'
import { type Circumstances, ProviderError } from './provider-error'
import { redact } from './redact'

export { ProviderError, type ProviderErrorCode } from './provider-error'

/** A message about a service as an error: `throw providerError('REPO_NOT_OURS', { name }, { cause })`. */
export function providerError<Id extends ProviderMessageId>(id: Id, ...args: [...Args<Id>, circumstances?: Circumstances]): ProviderError {
  const [details, circumstances] = args
  return new ProviderError({ ...write(id, details), retryable: messages[id].retryable, ...circumstances as Circumstances | undefined })
}

/** The failure as it is stored and shown; anything unexpected becomes a retryable bug report. */
export function toFailure(error: unknown): Failure {
  if (!(error instanceof ProviderError)) return failure('UNEXPECTED', { said: errorText(error) })
  const { name, code, message, why, fix } = error
  return { ...(name !== 'ProviderError' && { name }), code, message: redact(message), why: redact(why), fix: redact(fix) }
}
