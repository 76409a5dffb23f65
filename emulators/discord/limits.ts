import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Refusal } from '../core/refusal.ts'
import { SlidingWindow } from '../core/windows.ts'
import type { DiscordCall } from './hub.ts'

const limitsSchema = z.strictObject({
  enforce: z.boolean(),
  /** Requests a second over all routes. */
  global: z.int().min(0),
  /** Requests of one route with the same guild or channel within `bucketSeconds`. */
  bucket: z.int().min(0),
  bucketSeconds: z.number().positive(),
  /** Answers of 401, 403 and 429 within `invalidSeconds`, from which on everything is refused. */
  invalid: z.int().min(0),
  invalidSeconds: z.number().positive(),
})

/**
 * 50 a second and 10,000 refused in ten minutes are documented; Discord does not publish its buckets, this one is typical of what it sends.
 * https://discord.com/developers/docs/topics/rate-limits
 */
const DEFAULTS: z.infer<typeof limitsSchema> = { enforce: false, global: 50, bucket: 10, bucketSeconds: 10, invalid: 10_000, invalidSeconds: 600 }

/** A window that begins with its first call; when it ends, all of it is free again. */
interface Bucket { endsAt: number, used: number }

/** Discord's rate limits, enforced only when switched on. Kept in memory. */
export class RateLimits {
  #settings = DEFAULTS
  #global = new SlidingWindow(1000)
  #invalid = new SlidingWindow(DEFAULTS.invalidSeconds * 1000)
  readonly #buckets = new Map<string, Bucket>()

  /** Changes some of the settings and returns all. Switching on starts with nothing used. */
  configure(body: unknown): z.infer<typeof limitsSchema> {
    const change = limitsSchema.partial().parse(body)
    this.#settings = { ...this.#settings, ...change }
    if (change.enforce) this.#forget()
    return this.#settings
  }

  reset(): void {
    this.#settings = DEFAULTS
    this.#forget()
  }

  /** Counts a call and returns its headers; throws 429 when a limit is exceeded. */
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

  /** Counts an answer towards a ban. */
  answered(status: number): void {
    if ([401, 403, 429].includes(status)) this.#invalid.add()
  }

  #forget(): void {
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

function tooMany(ms: number, global: boolean, headers: Record<string, string> = {}): Refusal {
  const seconds = Math.ceil(ms) / 1000
  return new Refusal(429, rateLimitBody(seconds, global), {
    ...headers,
    'retry-after': String(Math.ceil(seconds)),
    'x-ratelimit-scope': global ? 'global' : 'user',
    ...(global ? { 'x-ratelimit-global': 'true' } : {}),
  })
}
