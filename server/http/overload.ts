import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { ServerResponse } from 'node:http'
import { requestLimits } from '../lib/env'
import { tooManyRequests } from '../lib/too-many-requests'

const RESOLUTION_MS = 10
const SAMPLE_MS = 500
const NS_IN_MS = 1_000_000
/** An overloaded server may have recovered after so many seconds. */
const RETRY_AFTER_S = 2

interface Active { changes: number, all: number }

/** Requests that are being handled: those that change something, and all. */
const active: Active = { changes: 0, all: 0 }
/** The same of each actor, by its id. */
const activeOf = new Map<string, Active>()
let delayMs = 0

/** Measures the delay of the event loop, averaged over half a second. @returns stops it */
export function watchEventLoop(): () => void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()
  const timer = setInterval(() => {
    delayMs = Number.isNaN(delay.mean) ? 0 : Math.max(delay.mean / NS_IN_MS - RESOLUTION_MS, 0)
    delay.reset()
  }, SAMPLE_MS).unref()
  return () => {
    clearInterval(timer)
    delay.disable()
  }
}

interface Place { isChange: boolean, isTaken: boolean, actorId?: string }

/** The places of requests under way, by their response: given back when it closes. */
const places = new WeakMap<ServerResponse, Place>()

/**
 * Accepts a request and counts it until it is answered, unless the process has too much to do. It decides before the
 * body is read and the database is asked, so that a rejection costs next to nothing.
 * @throws TooManyRequests
 */
export function acceptRequest(method: string, response: ServerResponse): void {
  const place: Place = { isChange: method !== 'GET' && method !== 'HEAD', isTaken: false }
  takePlace(place)
  places.set(response, place)
  response.once('close', () => {
    givePlaceBack(place)
    places.delete(response)
  })
}

/**
 * Counts a request for its actor as well, so that nobody takes all places.
 * @throws TooManyRequests when the actor has its share of them already
 */
export function countForActor(response: ServerResponse, actorId: string): void {
  const place = places.get(response)
  if (!place) return
  givePlaceBack(place)
  place.actorId = actorId
  takePlace(place)
}

/**
 * Gives the place of a request back while its body arrives, so that slow senders hold nobody up.
 * @returns takes the place again; throws TooManyRequests when there is none any more
 */
export function leavePlace(response: ServerResponse): () => void {
  const place = places.get(response)
  if (place) givePlaceBack(place)
  return () => {
    if (place && places.has(response)) takePlace(place)
  }
}

function takePlace(place: Place): void {
  const { isChange, actorId } = place
  const limits = requestLimits()
  const seconds = RETRY_AFTER_S
  const isFull = active.all >= limits.all || (isChange && active.changes >= limits.changes)
  if (isFull) throw tooManyRequests('SERVER_AT_CAPACITY', { requests: active.all, seconds })
  if (isChange && delayMs > limits.delayMs) throw tooManyRequests('SERVER_BEHIND', { delayMs: Math.round(delayMs), seconds })
  const own = actorId === undefined ? undefined : activeOf.get(actorId)
  if (own && (own.all >= limits.allEach || (isChange && own.changes >= limits.changesEach)))
    throw tooManyRequests('ACTOR_AT_CAPACITY', { requests: own.all, seconds })
  place.isTaken = true
  count(place, 1)
}

function givePlaceBack(place: Place): void {
  if (place.isTaken) count(place, -1)
  place.isTaken = false
}

function count({ isChange, actorId }: Place, by: 1 | -1): void {
  add(active, isChange, by)
  if (actorId === undefined) return
  const own = activeOf.get(actorId) ?? { changes: 0, all: 0 }
  add(own, isChange, by)
  if (own.all) activeOf.set(actorId, own)
  else activeOf.delete(actorId)
}

function add(counted: Active, isChange: boolean, by: 1 | -1): void {
  counted.all += by
  if (isChange) counted.changes += by
}
