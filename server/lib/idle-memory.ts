import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const LOOK_MS = 5_000
/** The share of one core below which the process counts as idle. */
const IDLE_SHARE = 0.1
/** A heap that has grown by less is not worth a pause of some 50 ms. */
const MIN_GROWTH_BYTES = 8 * 1024 ** 2

/**
 * Gives back memory while the process is idle. V8 collects garbage when something allocates, so an idle server would
 * keep that of its start and of every burst of work.
 * @param everyMs how often it looks
 * @returns ends it
 */
export function collectGarbageWhenIdle(everyMs = LOOK_MS): () => void {
  const collect = garbageCollector()
  let seen = { cpu: process.cpuUsage(), at: performance.now() }
  let keptBytes = 0
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(seen.cpu)
    const share = (user + system) / 1000 / (performance.now() - seen.at)
    if (share < IDLE_SHARE && heapBytes() - keptBytes > MIN_GROWTH_BYTES) {
      collect()
      keptBytes = heapBytes()
    }
    seen = { cpu: process.cpuUsage(), at: performance.now() }
  }, everyMs).unref()
  return () => clearInterval(timer)
}

/** What V8 holds of the system's memory, also where it is free. */
const heapBytes = () => getHeapStatistics().total_heap_size

/** V8's own collector. Node offers it only by a flag, which may be set while the process runs. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}
