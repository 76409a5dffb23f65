import { ProviderError } from '../lib/errors'
import type { Rule } from '../lib/rate-limits/rules'
import type { Service } from '../../shared/schemas/resource'
import { serviceNames } from '../../shared/utils/services'

const THINGS: Record<string, string> = { content: 'new things', points: 'points for calls', concurrent: 'calls', requests: 'calls', global: 'calls', bucket: 'calls of a kind', invalid: 'refused calls' }
const SPANS: Record<number, string> = { 0: 'at once', 1_000: 'a second', 60_000: 'a minute', 300_000: 'in five minutes', 600_000: 'in ten minutes', 3_600_000: 'an hour' }

/** A rule as people say it, `GitHub allows 80 new things a minute`. */
export function say(service: Service, { kind, limit, ms }: Rule): string {
  if (kind === 'invalid') return `Atelier stops when ${serviceNames[service]} has refused ${limit} calls in ten minutes`
  return `${serviceNames[service]} allows ${limit} ${THINGS[kind] ?? kind} ${SPANS[ms] ?? `in ${ms / 1000} s`}`
}

/** The refusal to make a call before there is room for it; none was made. */
export const noRoom = (service: Service, rule: Rule | undefined, waitMs: number) => new ProviderError({
  code: 'RATE_LIMITED',
  message: rule ? `${say(service, rule)}; this one waits for its turn.` : `${serviceNames[service]} has asked to wait; this one does.`,
  why: 'Everything that uses the same credential shares what it may do.',
  fix: 'Nothing: it goes on by itself when the limit allows.',
  retryable: true,
  retryAfter: Math.ceil(waitMs),
  unsent: true,
})
