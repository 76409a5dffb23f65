import { providerError, type ProviderError } from '../lib/errors'
import type { Rule } from '../lib/rate-limits/rules'
import type { Service } from '../../shared/schemas/resource'
import { serviceNames } from '../../shared/utils/services'

const KINDS: Record<string, string> = {
  content: 'new resources',
  points: 'points for calls',
  concurrent: 'calls',
  requests: 'calls',
  global: 'calls',
  bucket: 'calls of a kind',
}
const SPANS: Record<number, string> = {
  0: 'at once',
  1_000: 'a second',
  60_000: 'a minute',
  300_000: 'in five minutes',
  600_000: 'in ten minutes',
  3_600_000: 'an hour',
}

/** A rule in words: `GitHub allows 80 new resources a minute`. */
export function describeRule(service: Service, { kind, limit, windowMs }: Rule): string {
  if (kind === 'invalid') return `Atelier stops when ${serviceNames[service]} has refused ${limit} calls in ten minutes`
  return `${serviceNames[service]} allows ${limit} ${KINDS[kind] ?? kind} ${SPANS[windowMs] ?? `in ${windowMs / 1000} s`}`
}

/** The error for a call that would exceed a rate limit. The call was not made. */
export function rateLimitedError(service: Service, rule: Rule | undefined, waitMs: number): ProviderError {
  const circumstances = { retryAfter: Math.ceil(waitMs), unsent: true } as const
  return rule
    ? providerError('RATE_LIMIT_REACHED', { limit: describeRule(service, rule) }, circumstances)
    : providerError('SERVICE_ASKED_TO_WAIT', { service: serviceNames[service] }, circumstances)
}
