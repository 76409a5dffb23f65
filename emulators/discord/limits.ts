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
})

/** 50 a second is documented; Discord does not publish its buckets, this one is typical of what it sends. */
const DEFAULTS: z.infer<typeof limitsSchema> = { enforce: false, global: 50, bucket: 10, bucketSeconds: 10 }

/** Discord's rate limits, enforced only when switched on. Kept in memory. */
export class RateLimits {
  #settings = DEFAULTS
  #global = new SlidingWindow(1000)
  readonly #buckets = new Map<string, SlidingWindow>()

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
    const { global, bucket, bucketSeconds } = this.#settings
    const wait = this.#global.msUntil(global)
    if (wait > 0) throw tooMany(wait, true)

    const key = [call.operation, call.param('guild'), call.param('channel')].join('/')
    const window = this.#buckets.get(key) ?? new SlidingWindow(bucketSeconds * 1000)
    this.#buckets.set(key, window)
    const waitHere = window.msUntil(bucket)
    if (waitHere > 0) throw tooMany(waitHere, false, this.#headers(key, 0, waitHere))
    this.#global.add()
    window.add()
    const left = bucket - window.sum()
    return this.#headers(key, left, left > 0 ? bucketSeconds * 1000 : window.msUntil(bucket))
  }

  #forget(): void {
    this.#global = new SlidingWindow(1000)
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
