import { noteDiskFull } from '../db/disk'
import { keepLeases } from '../ledger/leases'
import { log } from '../lib/log'
import { thisProcess } from '../lib/process'
import { releaseCallsOf } from '../rate-limits/acquire'
import { deleteProcess, reapDeadProcesses, sendHeartbeat } from './queries/processes'
import { warnOfSkew } from './clock-skew'
import { countRepair } from './watchdog-metrics'

const INTERVAL_MS = 1_000
/** A reaped process was silent for three seconds; its last calls have arrived since. */
const DEAD_FOR_MS = 2_000

let timer: NodeJS.Timeout | undefined
let current: Promise<void> = Promise.resolve()
let isDeregistered = false

/**
 * Sends heartbeats until this process deregisters, renews its leases, and reaps processes that died: their
 * jobs continue here or in another live process at once.
 */
export function startHeartbeat(): void {
  timer = setTimeout(() => {
    current = beat()
      .catch((error: unknown) => {
        noteDiskFull(error)
        log.warn({ error }, 'This process could not send its heartbeat. It tries again.')
      })
      .then(() => {
        if (!isDeregistered) startHeartbeat()
      })
  }, INTERVAL_MS)
}

async function beat(): Promise<void> {
  await sendHeartbeat(thisProcess())
  warnOfSkew()
  await keepLeases()
  for (const { id, jobs } of await reapDeadProcesses(thisProcess().id)) {
    countRepair('reaped')
    log.warn({ process: id, jobs }, 'A process has died. Other processes continue its jobs.')
    await releaseCallsOf(id, DEAD_FOR_MS)
  }
}

/** Removes this process for good, and releases its leases and jobs to other processes. */
export async function deregister(): Promise<void> {
  isDeregistered = true
  clearTimeout(timer)
  await current
  await deleteProcess(thisProcess().id)
  await releaseCallsOf(thisProcess().id, 0)
}
