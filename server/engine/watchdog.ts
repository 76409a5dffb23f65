import { log } from '../lib/log'
import { createBackoff } from './backoff'
import { settleOrphanedRun } from './orphaned-runs'
import { listOrphanedRuns, listUncancelledExecutions, reopenHalfEndedSteps } from './queries/runtime'
import { listStalledRuns } from './queries/stalled-runs'
import { reconcile } from './reconcile'
import { cancelExecution, enqueueExecution, enqueueStep } from './runtime/adapter'
import { countRepair, noteSweep, type Repair } from './watchdog-metrics'

const INTERVAL_MS = 2_000
/** Longer than most outside calls; enqueuing a live run again does no harm. */
const STALLED_MS = 8_000

/**
 * Keeps runs going without a reboot: repeats lost starts, enqueues stalled runs, resumes answered waits, and ends
 * runs that the runtime has ended by itself, so that they can be retried.
 * @returns stops it
 */
export function startWatchdog(): () => void {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const round = async () => {
    await sweep().then(noteSweep, (error: unknown) => log.warn({ error }, 'The watchdog could not sweep. It tries again soon.'))
    if (!stopped) timer = setTimeout(round, INTERVAL_MS)
  }
  void round()
  return () => {
    stopped = true
    clearTimeout(timer)
  }
}

const lostStarts = createBackoff()
const stalledRuns = createBackoff()

async function sweep(): Promise<void> {
  const { started, resumed } = await reconcile(lostStarts)
  countRepair('started', started)
  countRepair('resumed', resumed)
  await repairEach(await listOrphanedRuns(), 'orphaned', settleOrphanedRun)
  await repairEach(await listUncancelledExecutions(), 'cancelled', cancelExecution)
  await repairEach(await reopenHalfEndedSteps(), 'reopened', async (step) => {
    log.info({ runtimeRunId: step.runtimeRunId, step: step.stepName }, 'A crash left this step half ended. The watchdog repeats its end.')
    await enqueueStep(step)
  })
  const stalled = (await listStalledRuns(STALLED_MS)).map(run => run.runtimeRunId)
  await repairEach([...stalledRuns(stalled)], 'stalled', async (runtimeRunId) => {
    log.info({ runtimeRunId }, 'This run has stalled. The watchdog enqueues it again.')
    await enqueueExecution(runtimeRunId)
  })
}

/** One by one; a run that cannot be repaired must not block the others, in this round or any other. */
async function repairEach<T>(broken: T[], repair: Repair, work: (one: T) => Promise<void>): Promise<void> {
  for (const one of broken) {
    countRepair(repair)
    await work(one).catch((error: unknown) => log.warn({ error }, 'The watchdog could not repair a run. It tries again soon.'))
  }
}
