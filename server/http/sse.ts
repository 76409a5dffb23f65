import { createEventStream, type H3Event } from 'h3'
import { log } from '../lib/log'
import { tooManyRequests } from '../lib/too-many-requests'
import { ANY_RUN, onRunChanged } from '../engine/changes'
import type { Scope } from '../db/scope'
import { isDraining } from '../lib/process'
import { type Actor, authorize, currentScope } from './access'

/** Steps change many times a second; four events a second are enough. A change of the run itself is sent at once. */
const THROTTLE_MS = 250
/** A queued run moves up whenever another ends; nobody needs to see each time. */
const THROTTLE_QUEUE_MS = 2_000
/** Proxies close idle connections. */
const KEEPALIVE_MS = 15_000

const MAX_STREAMS = 500
/** Of one actor, so that nobody takes all. */
const MAX_STREAMS_EACH = 20
const RETRY_AFTER_S = 30

type Push = (name: string, data: unknown) => Promise<void>
/** Sends the browser what has changed of its scope: nothing at first, and after an outage perhaps anything. */
type SendChanges = (push: Push, changed: string[] | 'anything', scope: Scope) => Promise<'open' | 'queued' | 'ended'>

const closers = new Set<() => Promise<void>>()
/** Open streams by the id of their actor. */
const streamsOf = new Map<string, number>()
let streams = 0

/** Ends all streams: a server that has to stop would wait for them. Browsers connect again by themselves. */
export const closeStreams = () => Promise.all([...closers].map(close => close()))

/**
 * Streams changes of one run, or of `all`, as server-sent events: once at the start and
 * after every change, until the run has ended (event `end`) or the browser disconnects.
 * What the actor may see is asked each time, so that a changed binding takes effect at once.
 * @throws TooManyRequests when too many are open, of all actors or of this one
 */
export async function streamChanges(event: H3Event, actor: Actor, runId: string | 'all', send: SendChanges) {
  const giveBack = takeStream(actor.id)
  try {
    return await stream(event, actor, runId, send, giveBack)
  }
  catch (error) {
    giveBack()
    throw error
  }
}

/** Counts a stream before anything waits, so that many at the same moment find their limit, too. @returns ends that, once */
function takeStream(actorId: string): () => void {
  const own = streamsOf.get(actorId) ?? 0
  const seconds = RETRY_AFTER_S
  if (own >= MAX_STREAMS_EACH) throw tooManyRequests('TOO_MANY_OWN_STREAMS', { streams: own, seconds })
  if (streams >= MAX_STREAMS) throw tooManyRequests('TOO_MANY_STREAMS', { streams, seconds })
  streams++
  streamsOf.set(actorId, own + 1)
  let isTaken = true
  return () => {
    if (!isTaken) return
    isTaken = false
    streams--
    const left = streamsOf.get(actorId)! - 1
    if (left) streamsOf.set(actorId, left)
    else streamsOf.delete(actorId)
  }
}

async function stream(event: H3Event, actor: Actor, runId: string | 'all', send: SendChanges, onClose: () => void) {
  const eventStream = createEventStream(event)
  const push: Push = (name, data) => eventStream.push({ event: name, data: JSON.stringify(data) })
  let changed = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let sending = Promise.resolve()
  let open = true
  let isQueued = false

  const flush = () => {
    timer = undefined
    const ids = changed.has(ANY_RUN) ? 'anything' : [...changed]
    changed = new Set()
    sending = sending.then(async () => {
      if (!open) return
      const scope = await currentScope(actor)
      if (!scope) return close()
      const state = await send(push, ids, scope)
      isQueued = state === 'queued'
      if (state === 'ended') await end()
    }).catch((error: unknown) => {
      // The browser connects again by itself and then sees everything.
      log.warn({ error }, 'A stream of changes broke.')
      return close()
    })
  }
  const stopListening = await onRunChanged((id, change) => {
    if (change === 'queue') {
      if (isQueued) timer ??= setTimeout(flush, THROTTLE_QUEUE_MS)
      return
    }
    if (runId !== 'all' && id !== runId && id !== ANY_RUN) return
    changed.add(id)
    if (change === 'run') {
      clearTimeout(timer)
      flush()
    }
    else {
      timer ??= setTimeout(flush, THROTTLE_MS)
    }
  })
  // The stream closes when its viewer loses access; the browser connects again and gets the reason.
  const ping = () => eventStream.push({ event: 'ping', data: '' })
  const keepalive = setInterval(() => void authorize(event, 'viewer').then(ping, close), KEEPALIVE_MS)

  async function end() {
    await push('end', {})
    await close()
  }
  async function close() {
    if (!open) return
    open = false
    closers.delete(close)
    onClose()
    clearTimeout(timer)
    clearInterval(keepalive)
    stopListening()
    await eventStream.close()
  }
  closers.add(close)
  eventStream.onClosed(close)
  // Nothing is sent before the first event, and until then the browser treats the stream as not open.
  void ping()
  if (isDraining()) void close()
  else flush()
  return eventStream.send()
}
