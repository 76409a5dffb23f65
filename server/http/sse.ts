import { createEventStream, type H3Event } from 'h3'
import { log } from '../lib/log'
import { tooManyRequests } from '../lib/too-many-requests'
import { ANY_RUN, onRunChanged } from '../engine/changes'
import { isDraining } from '../lib/process'
import { authorize } from './access'

/** Steps change many times a second; a person sees four of them. A change of the run itself is told at once. */
const GATHER_MS = 250
/** A queued run moves up whenever another ends; nobody needs to see each time. */
const GATHER_TURNS_MS = 2_000
/** Proxies close connections on which nothing is said. */
const KEEPALIVE_MS = 15_000

const MOST_STREAMS = 500

type Push = (name: string, data: unknown) => Promise<void>
/** Tells the browser what has changed: nothing at first, and after an outage perhaps anything. */
type Tell = (push: Push, changed: string[] | 'anything') => Promise<'open' | 'queued' | 'ended'>

const closers = new Set<() => Promise<void>>()

/** Ends all streams: a server that is told to stop would wait for them. Browsers connect again by themselves. */
export const closeStreams = () => Promise.all([...closers].map(close => close()))

/**
 * Streams changes of one run, or of `all`, as server-sent events: once at the beginning and
 * after every change, until it is over (event `end`) or the browser goes away.
 * @throws TooManyRequests when too many are open
 */
export async function streamChanges(event: H3Event, runId: string | 'all', tell: Tell) {
  if (closers.size >= MOST_STREAMS) throw tooManyRequests('TOO_MANY_STREAMS', { streams: closers.size, seconds: 30 })
  const stream = createEventStream(event)
  const push: Push = (name, data) => stream.push({ event: name, data: JSON.stringify(data) })
  let changed = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let telling = Promise.resolve()
  let open = true
  let isQueued = false

  const flush = () => {
    timer = undefined
    const ids = changed.has(ANY_RUN) ? 'anything' : [...changed]
    changed = new Set()
    telling = telling.then(async () => {
      if (!open) return
      const state = await tell(push, ids)
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
      if (isQueued) timer ??= setTimeout(flush, GATHER_TURNS_MS)
      return
    }
    if (runId !== 'all' && id !== runId && id !== ANY_RUN) return
    changed.add(id)
    if (change === 'run') {
      clearTimeout(timer)
      flush()
    }
    else {
      timer ??= setTimeout(flush, GATHER_MS)
    }
  })
  // Who may no longer watch is told nothing more; the browser asks again and hears why.
  const keepalive = setInterval(() => void authorize(event, 'viewer').then(() => stream.push({ event: 'ping', data: '' }), close), KEEPALIVE_MS)

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
  // Nothing leaves before the first event, and until then the browser takes the stream for not open.
  void stream.push({ event: 'ping', data: '' })
  if (isDraining()) void close()
  else flush()
  return stream.send()
}
