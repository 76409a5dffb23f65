/** Runs `work` at once, and once more, at the earliest `ms` later, for all triggers in between. */
export function throttle(work: () => Promise<void>, ms: number): { trigger: () => void, stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isBusy = false
  let isTriggered = false
  let isStopped = false

  async function run() {
    isBusy = true
    isTriggered = false
    await work()
    if (!isStopped) timer = setTimeout(rest, ms)
  }
  function rest() {
    isBusy = false
    if (isTriggered) void run()
  }
  return {
    trigger: () => {
      if (isBusy) isTriggered = true
      else void run()
    },
    stop: () => {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
