import { log } from '../lib/log'
import { reapDeadProcesses, leave, beat } from './queries/processes'
import { releaseCallsOf } from '../rate-limits/acquire'
import { thisProcess } from '../lib/process'
import { countRepair } from './watchdog-metrics'

const EVERY_MS = 1_000
/** Who is buried was silent for three seconds; what it sent at the end has arrived since. */
const DEAD_FOR_MS = 2_000

let timer: NodeJS.Timeout | undefined
let beating: Promise<void> = Promise.resolve()
let left = false

/**
 * Shows the others that this process is alive, until it leaves, and buries those that died: their
 * jobs go on here or in another survivor at once.
 */
export function startHeartbeat(): void {
  timer = setTimeout(() => {
    beating = beat().catch(error => log.warn({ error }, 'This process could not show that it is alive; it tries again.')).then(() => {
      if (!left) startHeartbeat()
    })
  }, EVERY_MS)
}

async function beat(): Promise<void> {
  await beat(thisProcess())
  for (const { id, jobs } of await reapDeadProcesses(thisProcess().id)) {
    countRepair('buried')
    log.warn({ process: id, jobs }, 'A process has died; its jobs go on elsewhere.')
    await releaseCallsOf(id, DEAD_FOR_MS)
  }
}

/** Takes this process off the list, for good, and gives its leases and jobs to those who live on. */
export async function deregister(): Promise<void> {
  left = true
  clearTimeout(timer)
  await beating
  await leave(thisProcess().id)
  await releaseCallsOf(thisProcess().id, 0)
}
