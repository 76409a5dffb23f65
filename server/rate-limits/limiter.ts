import { createHash } from 'node:crypto'
import type { RateLimitFeedback } from '../lib/rate-limits/feedback'
import type { Rule } from '../lib/rate-limits/rules'
import { log } from '../lib/log'
import { type AcquireRequest, UNKNOWN } from './capacity'
import { DatabaseClock, monotonic } from './clock'
import { type AcquireResult, type Permit, release, tryAcquire } from './permits'
import { readState, writeState } from './queries'
import type { RateLimitState } from './state'

/** A permit, or the time to wait and the rule that is waited for. */
export type AcquireResponse = Extract<AcquireResult, { granted: true }> | { granted: false, waitMs: number, rule?: Rule, mustStay?: true }

interface PendingRequest { request: AcquireRequest, resolve: (response: AcquireResponse) => void, reject: (error: unknown) => void }
interface PendingRelease { permit: Permit, feedback: RateLimitFeedback[], at: number }

/** Releases are written together with the next request, and without one after this time. */
const RELEASE_DELAY_MS = 200
/** More releases are dropped while the database is away: their calls count for as long as they could last. */
const MAX_PENDING_RELEASES = 10_000
/** So old may the state be that lets a call without rules pass. */
const MAX_STATE_AGE_MS = 1_000

/**
 * The rate limiter of one credential, for this process. All processes share its state in the database.
 * It batches: one statement writes all requests of one turn, or of the time while another write is out.
 * When another process writes in between, it starts again from the new state.
 */
export class RateLimiter {
  readonly #id: string
  readonly #clock = new DatabaseClock()
  #requests: PendingRequest[] = []
  #releases: PendingRelease[] = []
  #isFlushing = false
  #releaseTimer: NodeJS.Timeout | undefined
  /** The state that this process wrote last, if no other process has written since. */
  #written: { version: number, json: string } | undefined
  #recent: { state: RateLimitState, at: number } | undefined
  #reading: Promise<RateLimitState> | undefined

  constructor(id: string) {
    this.#id = id
  }

  /** @throws when the database is away */
  async acquire(request: AcquireRequest): Promise<AcquireResponse> {
    if (await this.#isUnlimited(request)) return { granted: true, permit: { charges: [], route: request.route } }
    // Hashed, so that the state stays small and names no item.
    const hashed = { ...request, key: hash(request.key), caller: request.caller && hash(request.caller) }
    return new Promise((resolve, reject) => {
      this.#requests.push({ request: hashed, resolve, reject })
      this.#flushSoon()
    })
  }

  /** Returns the capacity of a permit, with what the answers said. It is written in the background. */
  release(permit: Permit, feedback: RateLimitFeedback[]): void {
    const isCounted = permit.charges.length > 0
    if (!isCounted && !feedback.some(({ block, quota, bucket }) => block ?? quota ?? bucket)) return
    this.#releases.push({ permit, feedback, at: monotonic() })
    this.#releases.splice(0, this.#releases.length - MAX_PENDING_RELEASES)
    // Other callers wait for the first answer on an unknown route. Callers that are not counted do not wait until they
    // learn of a limit. And no process may call a provider that has just asked another one to wait.
    const isUrgent = !isCounted || permit.charges.some(({ kind }) => kind === UNKNOWN) || feedback.some(({ block }) => block)
    if (isUrgent) this.#flushSoon()
    else this.#releaseTimer ??= this.#flushLater()
  }

  /** Whether no rule applies and the provider has set no limit. Such a call is not counted, and costs no statement. */
  async #isUnlimited({ rules, route }: AcquireRequest): Promise<boolean> {
    if (rules.length) return false
    const { blockedUntil, quota, routes } = await this.#recentState()
    return !quota && !Object.keys(blockedUntil).length && (!route || routes[route.name]?.bucket === null)
  }

  async #recentState(): Promise<RateLimitState> {
    if (this.#recent && monotonic() - this.#recent.at < MAX_STATE_AGE_MS) return this.#recent.state
    return this.#reading ??= readState(this.#id).then(({ state }) => {
      this.#recent = { state, at: monotonic() }
      return state
    }).finally(() => this.#reading = undefined)
  }

  #flushSoon(): void {
    if (this.#isFlushing) return
    this.#isFlushing = true
    setImmediate(() => void this.#flush())
  }

  #flushLater(): NodeJS.Timeout {
    return setTimeout(() => this.#flushSoon(), RELEASE_DELAY_MS).unref()
  }

  async #flush(): Promise<void> {
    while (this.#requests.length || this.#releases.length) {
      const requests = this.#requests.splice(0)
      const releases = this.#releases.splice(0)
      try {
        const responses = await this.#update(requests, releases)
        requests.forEach(({ resolve }, index) => resolve(responses[index]!))
      }
      catch (error) {
        for (const { reject } of requests) reject(error)
        this.#releases.unshift(...releases)
        this.#written = undefined
        log.debug({ error }, 'The state of a rate limiter could not be written.')
        break
      }
    }
    this.#isFlushing = false
    clearTimeout(this.#releaseTimer)
    this.#releaseTimer = this.#releases.length ? this.#flushLater() : undefined
  }

  /** Applies releases and requests to the newest state and writes it, until no other process writes in between. */
  async #update(requests: PendingRequest[], releases: PendingRelease[]): Promise<AcquireResponse[]> {
    for (;;) {
      const { version, json } = this.#written ?? await this.#read()
      const state = JSON.parse(json) as RateLimitState
      // The bounds of the clock make each call count for longer rather than shorter.
      for (const { permit, feedback, at } of releases) release(state, permit, feedback, this.#clock.latest(at))
      const now = this.#clock.earliest(monotonic())
      const results = requests.map(({ request }) => tryAcquire(state, request, now))
      if (await this.#write(version, state)) return results.map(result => toResponse(result, now))
    }
  }

  async #read(): Promise<{ version: number, json: string }> {
    const sentAt = monotonic()
    const { version, state, at } = await readState(this.#id)
    this.#clock.observe(at, sentAt)
    return { version, json: JSON.stringify(state) }
  }

  /** @returns whether it was written; false when another process has written in between */
  async #write(version: number, state: RateLimitState): Promise<boolean> {
    const sentAt = monotonic()
    const at = await writeState(this.#id, version, state)
    const isWritten = at !== undefined
    this.#written = isWritten ? { version: version + 1, json: JSON.stringify(state) } : undefined
    this.#recent = isWritten ? { state, at: monotonic() } : undefined
    if (isWritten) this.#clock.observe(at, sentAt)
    return isWritten
  }
}

const hash = (text: string) => createHash('sha1').update(text).digest('base64url').slice(0, 12)

function toResponse(result: AcquireResult, now: number): AcquireResponse {
  if (result.granted) return result
  const { retryAt, ...response } = result
  return { ...response, waitMs: Math.max(1, retryAt - now) }
}
