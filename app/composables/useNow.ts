const now = ref(Date.now())
let users = 0
let timer: ReturnType<typeof setInterval> | undefined

/** The time in ms, updated every second by one clock for the whole page. */
export function useNow() {
  onMounted(() => {
    now.value = Date.now()
    if (users++ === 0) timer = setInterval(() => now.value = Date.now(), 1000)
  })
  onBeforeUnmount(() => {
    if (--users === 0) clearInterval(timer)
  })
  return readonly(now)
}
