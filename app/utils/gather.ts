/** Does `work` at once, and once more, at the earliest `ms` later, for everything that was asked meanwhile. */
export function gather(work: () => Promise<void>, ms: number): { ask: () => void, stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let busy = false
  let asked = false
  let stopped = false

  async function run() {
    busy = true
    asked = false
    await work()
    if (!stopped) timer = setTimeout(rest, ms)
  }
  function rest() {
    busy = false
    if (asked) void run()
  }
  return {
    ask: () => {
      if (busy) asked = true
      else void run()
    },
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}
