import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { SlidingWindow } from '../core/sliding-window.ts'
import { SECONDARY_LIMIT, limited } from './errors.ts'
import type { GitHubCall } from './backend.ts'

const limitsSchema = z.strictObject({
  enforce: z.boolean(),
  /** Requests an hour. */
  primary: z.int().min(0),
  /** Points a minute: a read costs 1, a write 5. */
  points: z.int().min(0),
  concurrent: z.int().min(0),
  contentPerMinute: z.int().min(0),
  contentPerHour: z.int().min(0),
  /** Length of a minute and an hour, in seconds. Tests shorten them. */
  minuteSeconds: z.number().positive(),
  hourSeconds: z.number().positive(),
  /** GitHub answers secondary limits with either status. */
  status: z.union([z.literal(403), z.literal(429)]),
})

/** https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const DEFAULTS: z.infer<typeof limitsSchema> = {
  enforce: false,
  primary: 5000,
  points: 900,
  concurrent: 100,
  contentPerMinute: 80,
  contentPerHour: 500,
  minuteSeconds: 60,
  hourSeconds: 3600,
  status: 403,
}

/** Operations that count as content creation. GitHub does not publish its list. */
const CONTENT_CREATION = new Set(['repos/create-in-org', 'repos/create-for-authenticated-user', 'git/create-blob', 'git/create-tree',
  'git/create-commit', 'git/create-ref', 'repos/create-or-update-file-contents', 'repos/create-commit-status'])

interface Usage {
  resetAt: number
  used: number
  points: SlidingWindow
  contentMinute: SlidingWindow
  contentHour: SlidingWindow
}

/**
 * Rate limits by token, in memory. They are off until a client turns them on. While they are off, responses have no
 * rate-limit headers, as on an Enterprise server.
 */
export class RateLimits {
  #settings = DEFAULTS
  readonly #usage = new Map<string, Usage>()
  readonly #traffic: { open: number }

  constructor(traffic: { open: number }) {
    this.#traffic = traffic
  }

  /** Changes some settings. Turning the limits on resets all usage. @returns all settings */
  configure(body: unknown): z.infer<typeof limitsSchema> {
    const change = limitsSchema.partial().parse(body)
    this.#settings = { ...this.#settings, ...change }
    if (change.enforce) this.#usage.clear()
    return this.#settings
  }

  reset(): void {
    this.#settings = DEFAULTS
    this.#usage.clear()
  }

  /** Counts a call. @returns its headers @throws HttpError when the call exceeds a limit */
  admit(call: GitHubCall): Record<string, string> {
    const usage = this.#usageOf(call.identity?.login ?? 'anonymous')
    const { enforce, primary, points, concurrent, contentPerMinute, contentPerHour } = this.#settings
    const cost = call.method === 'GET' ? 1 : 5
    const content = CONTENT_CREATION.has(call.operation)
    if (enforce && call.operation !== 'rate-limit/get') {
      if (usage.used >= primary) {
        throw limited(403, `API rate limit exceeded for user ID ${call.identity?.login ?? ''}.`, this.#headers(usage))
      }
      if (this.#traffic.open > concurrent) this.#secondary(usage, 1)
      const waitMs = Math.max(usage.points.msUntil(points, cost),
        content ? usage.contentMinute.msUntil(contentPerMinute) : 0,
        content ? usage.contentHour.msUntil(contentPerHour) : 0)
      if (waitMs > 0) this.#secondary(usage, Math.ceil(waitMs / 1000))
    }
    if (call.operation !== 'rate-limit/get') {
      usage.used++
      usage.points.add(cost)
      if (content) {
        usage.contentMinute.add()
        usage.contentHour.add()
      }
    }
    return this.#headers(usage)
  }

  /** One bucket of `GET /rate_limit`. */
  overview(login: string): { limit: number, used: number, remaining: number, reset: number } {
    const usage = this.#usageOf(login)
    const limit = this.#settings.primary
    return { limit, used: usage.used, remaining: Math.max(0, limit - usage.used), reset: Math.ceil(usage.resetAt / 1000) }
  }

  #usageOf(login: string): Usage {
    const known = this.#usage.get(login)
    if (known && known.resetAt > Date.now()) return known
    const [minute, hour] = [this.#settings.minuteSeconds * 1000, this.#settings.hourSeconds * 1000]
    const fresh = {
      resetAt: Date.now() + hour,
      used: 0,
      points: known?.points ?? new SlidingWindow(minute),
      contentMinute: known?.contentMinute ?? new SlidingWindow(minute),
      contentHour: known?.contentHour ?? new SlidingWindow(hour),
    }
    this.#usage.set(login, fresh)
    return fresh
  }

  #headers(usage: Usage): Record<string, string> {
    const limit = this.#settings.primary
    const always = { 'x-github-request-id': randomUUID().toUpperCase(), 'x-github-media-type': 'github.v3; format=json' }
    if (!this.#settings.enforce) return always
    return {
      ...always,
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(Math.max(0, limit - usage.used)),
      'x-ratelimit-used': String(usage.used),
      'x-ratelimit-reset': String(Math.ceil(usage.resetAt / 1000)),
      'x-ratelimit-resource': 'core',
    }
  }

  #secondary(usage: Usage, seconds: number): never {
    throw limited(this.#settings.status, SECONDARY_LIMIT, { ...this.#headers(usage), 'retry-after': String(seconds) })
  }
}
