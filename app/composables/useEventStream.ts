const RETRY_MS = [300, 1000, 2000, 4000, 8000]

interface Options {
  /** The URL of the stream; undefined for none. */
  url: () => string | undefined
  /** A handler for each event, by its name. `end` closes the stream. */
  on: Record<string, (data: unknown) => void>
  /** Called at every connection, because events before it may have been missed. */
  opened?: () => void
}

/**
 * Follows a stream of server-sent events and reconnects when it was lost. A hidden page follows
 * no stream: a browser opens only six connections to a server, and six tabs would block it.
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
      connection.markConnected()
      opened?.()
    }
    source.onerror = onError
    source.addEventListener('end', close)
    for (const [name, handle] of Object.entries(on))
      source.addEventListener(name, (event: MessageEvent<string>) => handle(JSON.parse(event.data)))
  }

  function onError() {
    close()
    // One failure may only be a stream that ended or a server that restarts.
    if (failures++ > 0) {
      connection.markLost()
      // This opens the sign-in when the session has ended.
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
    connection.markConnected()
  })
}
