import { createHash } from 'node:crypto'
import { z } from 'zod'
import { HttpError } from '../core/http-error.ts'
import { SlidingWindow } from '../core/sliding-window.ts'
import type { DiscordCall } from './backend.ts'

const limitsSchema = z.strictObject({
  enforce: z.boolean(),
  /** Requests a second over all routes. */
  global: z.int().min(0),
  /** Requests of one route with the same guild or channel within `bucketSeconds`. */
  bucket: z.int().min(0),
  bucketSeconds: z.number().positive(),
  /** Answers of 401, 403 and 429 within `invalidSeconds` that lead to a ban: 429 for every request. */
  invalid: z.int().min(0),
  invalidSeconds: z.number().positive(),
})

/**
 * Discord documents 50 requests a second and 10,000 invalid requests in ten minutes. It does not publish its buckets;
 * this one is typical of its responses.
 * https://discord.com/developers/docs/topics/rate-limits
 */
const DEFAULTS: z.infer<typeof limitsSchema> = {
  enforce: false,
  global: 50,
  bucket: 10,
  bucketSeconds: 10,
  invalid: 10_000,
  invalidSeconds: 600,
}

/** A fixed window that begins with its first call. */
interface Bucket { endsAt: number, used: number }

/** Discord's rate limits, in memory. They are off until a client turns them on. */
export class RateLimits {
  #settings = DEFAULTS
  #global = new SlidingWindow(1000)
  #invalid = new SlidingWindow(DEFAULTS.invalidSeconds * 1000)
  readonly #buckets = new Map<string, Bucket>()

  /** Changes some settings. Turning the limits on resets all usage. @returns all settings */
  configure(body: unknown): z.infer<typeof limitsSchema> {
    const change = limitsSchema.partial().parse(body)
    this.#settings = { ...this.#settings, ...change }
    if (change.enforce) this.#resetUsage()
    return this.#settings
  }

  reset(): void {
    this.#settings = DEFAULTS
    this.#resetUsage()
  }

  /** Counts a call. @returns its headers @throws HttpError 429 when the call exceeds a limit */
  admit(call: DiscordCall): Record<string, string> {
    if (!this.#settings.enforce) return {}
    const { global, bucket: limit, bucketSeconds, invalid } = this.#settings
    const banned = this.#invalid.msUntil(invalid)
    if (banned > 0) throw tooMany(banned, true)
    const wait = this.#global.msUntil(global)
    if (wait > 0) throw tooMany(wait, true)

    const key = [call.operation, call.param('guild'), call.param('channel')].join('/')
    const now = Date.now()
    const known = this.#buckets.get(key)
    const bucket = known && known.endsAt > now ? known : { endsAt: now + bucketSeconds * 1000, used: 0 }
    this.#buckets.set(key, bucket)
    if (bucket.used >= limit) throw tooMany(bucket.endsAt - now, false, this.#headers(key, 0, bucket.endsAt - now))
    this.#global.add()
    bucket.used++
    return this.#headers(key, limit - bucket.used, bucket.endsAt - now)
  }

  /** Counts an invalid request towards a ban. */
  onAnswer(status: number): void {
    if ([401, 403, 429].includes(status)) this.#invalid.add()
  }

  #resetUsage(): void {
    this.#global = new SlidingWindow(1000)
    this.#invalid = new SlidingWindow(this.#settings.invalidSeconds * 1000)
    this.#buckets.clear()
  }

  #headers(key: string, remaining: number, resetMs: number): Record<string, string> {
    return {
      'x-ratelimit-limit': String(this.#settings.bucket),
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-reset': ((Date.now() + resetMs) / 1000).toFixed(3),
      'x-ratelimit-reset-after': (resetMs / 1000).toFixed(3),
      'x-ratelimit-bucket': createHash('sha1').update(key.split('/')[0] ?? '').digest('hex').slice(0, 32),
    }
  }
}

/** The body of every 429. */
export function rateLimitBody(seconds: number, global: boolean): object {
  return { message: 'You are being rate limited.', retry_after: seconds, global, code: 0 }
}

function tooMany(ms: number, global: boolean, headers: Record<string, string> = {}): HttpError {
  const seconds = Math.ceil(ms) / 1000
  return new HttpError(429, rateLimitBody(seconds, global), {
    ...headers,
    'retry-after': String(Math.ceil(seconds)),
    'x-ratelimit-scope': global ? 'global' : 'user',
    ...(global ? { 'x-ratelimit-global': 'true' } : {}),
  })
}
