import { createEventStream, type H3Event } from 'h3'
import { log } from '../lib/log'
import { tooManyRequests } from '../lib/too-many-requests'
import { ANY_RUN, onRunChanged } from '../engine/changes'
import { isDraining } from '../lib/process'
import { authorize } from './access'

/** Steps change many times a second; four events a second are enough. A change of the run itself is sent at once. */
const THROTTLE_MS = 250
/** A queued run moves up whenever another ends; nobody needs to see each time. */
const THROTTLE_QUEUE_MS = 2_000
/** Proxies close idle connections. */
const KEEPALIVE_MS = 15_000

const MAX_STREAMS = 500

type Push = (name: string, data: unknown) => Promise<void>
/** Sends the browser what has changed: nothing at first, and after an outage perhaps anything. */
type SendChanges = (push: Push, changed: string[] | 'anything') => Promise<'open' | 'queued' | 'ended'>

const closers = new Set<() => Promise<void>>()

/** Ends all streams: a server that has to stop would wait for them. Browsers connect again by themselves. */
export const closeStreams = () => Promise.all([...closers].map(close => close()))

/**
 * Streams changes of one run, or of `all`, as server-sent events: once at the start and
 * after every change, until the run has ended (event `end`) or the browser disconnects.
 * @throws TooManyRequests when too many are open
 */
export async function streamChanges(event: H3Event, runId: string | 'all', send: SendChanges) {
  if (closers.size >= MAX_STREAMS) throw tooManyRequests('TOO_MANY_STREAMS', { streams: closers.size, seconds: 30 })
  const stream = createEventStream(event)
  const push: Push = (name, data) => stream.push({ event: name, data: JSON.stringify(data) })
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
      const state = await send(push, ids)
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
  const ping = () => stream.push({ event: 'ping', data: '' })
  const keepalive = setInterval(() => void authorize(event, 'viewer').then(ping, close), KEEPALIVE_MS)

  async function end() {
    await push('end', {})
    await close()
  }
  async function close() {
    if (!open) return
    open = false
    closers.delete(close)
    clearTimeout(timer)
    clearInterval(keepalive)
    stopListening()
    await stream.close()
  }
  closers.add(close)
  stream.onClosed(close)
  // Nothing is sent before the first event, and until then the browser treats the stream as not open.
  void ping()
  if (isDraining()) void close()
  else flush()
  return stream.send()
}
