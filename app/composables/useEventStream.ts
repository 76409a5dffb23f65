const RETRY_MS = [300, 1000, 2000, 4000, 8000]

interface Options {
  /** The stream to follow; undefined: none. */
  url: () => string | undefined
  /** What to do with each event, by its name. `end` closes the stream. */
  on: Record<string, (data: unknown) => void>
  /** When the stream is there, at first and again: what happened before may have been missed. */
  opened?: () => void
}

/**
 * Follows a stream of server-sent events and comes back when it was lost. A hidden page
 * follows none, since a browser has only six connections to a server: with more
 * open tabs than that nothing would load any more.
 */
export function useEventStream({ url, on, opened }: Options) {
  const connection = useConnection()
  const call = useApi()
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0

  function close() {
    clearTimeout(timer)
    source?.close()
    source = undefined
  }

  function open() {
    close()
    const address = url()
    if (!address || document.hidden) return
    source = new EventSource(address)
    source.onopen = () => {
      failures = 0
      connection.found()
      opened?.()
    }
    source.onerror = lost
    source.addEventListener('end', close)
    for (const [name, handle] of Object.entries(on))
      source.addEventListener(name, (event: MessageEvent<string>) => handle(JSON.parse(event.data)))
  }

  function lost() {
    close()
    // A server that restarts, or a stream that ended for good, is no news yet.
    if (failures++ > 0) {
      connection.lost()
      // Tells a session that has ended from a server that is away.
      call('get /api/session', {}).catch(() => undefined)
    }
    timer = setTimeout(open, RETRY_MS[Math.min(failures, RETRY_MS.length) - 1])
  }

  function onVisibility() {
    if (document.hidden) close()
    else open()
  }

  onMounted(() => {
    document.addEventListener('visibilitychange', onVisibility)
    watch(url, open, { immediate: true })
  })
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', onVisibility)
    close()
    connection.found()
  })
}
