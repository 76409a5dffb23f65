import { log } from '../lib/log'
import { buryDead, showAlive } from '../db/queries/processes'
import { thisProcess } from '../ledger/process'
import { acted } from './tally'

const EVERY_MS = 1_000

/**
 * Shows the others that this process is alive, until it leaves, and buries those that died: their
 * jobs go on here or in another survivor at once.
 * @returns stops it
 */
export function keepPresent(): () => void {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const beat = async () => {
    await show().catch(error => log.warn({ error }, 'This process could not show that it is alive; it tries again.'))
    if (!stopped) timer = setTimeout(beat, EVERY_MS)
  }
  timer = setTimeout(beat, EVERY_MS)
  return () => {
    stopped = true
    clearTimeout(timer)
  }
}

async function show(): Promise<void> {
  await showAlive(thisProcess())
  for (const { id, jobs } of await buryDead(thisProcess().id)) {
    acted('buried')
    log.warn({ process: id, jobs }, 'A process has died; its jobs go on elsewhere.')
  }
}
