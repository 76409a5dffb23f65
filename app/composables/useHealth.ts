import type { Health } from '#shared/schemas/health'

/** Sooner while something is wrong: who watches it wants to see it mended. */
const AGAIN_MS = { up: 30_000, otherwise: 5_000 }

/** Whether everything works, asked again and again while the page is seen, and when a lost connection is back. */
export function useHealth() {
  const health = ref<Health | null>(null)
  const { returns, isLost } = useConnection()
  let timer: ReturnType<typeof setTimeout> | undefined
  let isGone = false

  async function check() {
    clearTimeout(timer)
    if (document.hidden) return
    // A 503 carries the same body, with the part that is down.
    const body: unknown = await fetch('/health').then(answer => answer.json()).catch(() => null)
    health.value = typeof body === 'object' && body !== null && 'parts' in body ? body as Health : null
    clearTimeout(timer)
    if (!isGone) timer = setTimeout(check, health.value?.status === 'up' ? AGAIN_MS.up : AGAIN_MS.otherwise)
  }

  onMounted(() => {
    void check()
    document.addEventListener('visibilitychange', check)
  })
  onBeforeUnmount(() => {
    isGone = true
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', check)
  })
  watch([returns, isLost], check)
  return { health, check }
}
