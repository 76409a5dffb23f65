import type { Health } from '#shared/schemas/health'

const EVERY_MS = 30_000

/** Whether everything works, asked again every half minute while the page is seen, and when a lost connection is back. */
export function useHealth() {
  const health = ref<Health | null>(null)
  const { returns, isLost } = useConnection()
  let timer: ReturnType<typeof setInterval> | undefined

  async function check() {
    if (document.hidden) return
    // A 503 carries the same body, with the part that is down.
    const body: unknown = await fetch('/health').then(answer => answer.json()).catch(() => null)
    health.value = typeof body === 'object' && body !== null && 'parts' in body ? body as Health : null
  }

  onMounted(() => {
    void check()
    timer = setInterval(check, EVERY_MS)
    document.addEventListener('visibilitychange', check)
  })
  onBeforeUnmount(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', check)
  })
  watch([returns, isLost], check)
  return { health, check }
}
