import type { Health, HealthSummary } from '#shared/schemas/health'

/** Shorter while something is wrong, so that a recovery shows soon. */
const INTERVAL_MS = { up: 30_000, otherwise: 5_000 }

/** The health of the server, polled while the page is visible, and checked when a lost connection comes back. */
export function useHealth() {
  const health = ref<Health | HealthSummary | null>(null)
  const { reconnects, isLost } = useConnection()
  let timer: ReturnType<typeof setTimeout> | undefined
  let isUnmounted = false

  async function check() {
    clearTimeout(timer)
    if (document.hidden) return
    // A 503 has the same body, with the part that is down. Without the database a session is unknown, and there are no parts.
    const body: unknown = await fetch('/health').then(answer => answer.json()).catch(() => null)
    health.value = typeof body === 'object' && body !== null && 'status' in body ? body as Health | HealthSummary : null
    clearTimeout(timer)
    if (!isUnmounted) timer = setTimeout(check, health.value?.status === 'up' ? INTERVAL_MS.up : INTERVAL_MS.otherwise)
  }

  onMounted(() => {
    void check()
    document.addEventListener('visibilitychange', check)
  })
  onBeforeUnmount(() => {
    isUnmounted = true
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', check)
  })
  watch([reconnects, isLost], check)
  return { health, check }
}
