import { getWorld } from 'workflow/runtime'
import { reenqueueRun } from '@workflow/core/runtime'
import { log } from '../lib/log'
import { listOrphanedRuns, listUncancelledExecutions, type ReopenedStep, reopenHalfEndedSteps } from './queries/runtime'
import { listStalledRuns } from './queries/runs'
import { endExecution } from './cancel'
import { settleOrphanedRun } from './ended-by-runtime'
import { reconcile } from './reconcile'
import { createBackoff } from './backoff'
import { type Act, countRepair, looked } from './watchdog-metrics'

const EVERY_MS = 2_000
/** Longer than most outside calls; asking the runtime again for a run that is alive does no harm. */
const STALLED_MS = 8_000

/**
 * Keeps runs moving without a reboot: starts those whose start was lost, asks the runtime
 * again for those in which nothing moves, tells waiting ones what they wait for, and ends
 * those that the runtime has given up, so that they can be retried.
 * @returns stops it
 */
export function watch(): () => void {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const round = async () => {
    await sweep().then(looked, error => log.warn({ error }, 'The watchdog could not look; it looks again soon.'))
    if (!stopped) timer = setTimeout(round, EVERY_MS)
  }
  void round()
  return () => {
    stopped = true
    clearTimeout(timer)
  }
}

const startsAgain = createBackoff()
const asksAgain = createBackoff()

async function sweep(): Promise<void> {
  const { started, resumed } = await reconcile(startsAgain)
  countRepair('started', started)
  countRepair('resumed', resumed)
  await forEach(await listOrphanedRuns(), 'abandoned', ({ runId, runtimeRunId, ended }) => settleOrphanedRun(runId, runtimeRunId, ended))
  await forEach(await listUncancelledExecutions(), 'cancelled', endExecution)
  await forEach(await reopenHalfEndedSteps(), 'reopened', async (step) => {
    log.info({ runtimeRunId: step.runtimeRunId, step: step.stepName }, 'A crash left this step half ended; it ends once more.')
    await executeAgain(step)
  })
  await forEach([...asksAgain((await listStalledRuns(STALLED_MS)).map(run => run.runtimeRunId))], 'stalled', async (runtimeRunId) => {
    log.info({ runtimeRunId }, 'Nothing moves in this run; asking the runtime again.')
    await reenqueueRun(getWorld(), runtimeRunId)
  })
}

/** One by one; a run that cannot be helped must not keep the others from their turn, in this round or any other. */
async function forEach<T>(things: T[], act: Act, help: (thing: T) => Promise<void>): Promise<void> {
  for (const thing of things) {
    countRepair(act)
    await help(thing).catch(error => log.warn({ error }, 'The watchdog could not help; it tries again soon.'))
  }
}

/**
 * Asks the runtime for the step itself, and without an idempotency key: asked through its run, a
 * process that looked at the step before it was reopened takes it for done for as long as it lives.
 */
async function executeAgain({ runtimeRunId, workflowName, startedAtMs, stepId, stepName }: ReopenedStep): Promise<void> {
  await getWorld().queue(`__wkf_step_${stepName}`, { workflowName, workflowRunId: runtimeRunId, workflowStartedAt: startedAtMs, stepId, requestedAt: new Date() })
}
