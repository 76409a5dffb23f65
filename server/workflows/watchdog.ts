import { getWorld } from 'workflow/runtime'
import { reenqueueRun } from '@workflow/core/runtime'
import { log } from '../lib/log'
import { listWaitingWithServer } from '../db/queries/courses'
import { showAlive } from '../db/queries/processes'
import { type ReopenedStep, reopenHalfEndedSteps } from '../db/queries/runtime'
import { listStalledRuns, listUnstartedRuns } from '../db/queries/runs'
import { thisProcess } from '../ledger/process'
import { resumeWithServer } from './resume'
import { tellRuntime } from './start'

const EVERY_MS = 2_000
/** A start takes milliseconds; one that took longer was lost. */
const LOST_START_MS = 3_000
/** Longer than most outside calls; asking the runtime again for a run that is alive does no harm. */
const STALLED_MS = 8_000

/**
 * Keeps runs moving without a reboot: starts those whose start was lost, asks the runtime
 * again for those in which nothing moves, and tells waiting ones what they wait for.
 * @returns stops it
 */
export function watch(): () => void {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const round = async () => {
    await sweep().catch(error => log.warn({ error }, 'The watchdog could not look; it looks again soon.'))
    if (!stopped) timer = setTimeout(round, EVERY_MS)
  }
  void round()
  return () => {
    stopped = true
    clearTimeout(timer)
  }
}

async function sweep(): Promise<void> {
  await showAlive(thisProcess())
  for (const { id, workflow } of await listUnstartedRuns(LOST_START_MS)) {
    log.info({ runId: id }, 'The start of this run was lost; starting it.')
    await tellRuntime(workflow, id)
  }
  for (const step of await reopenHalfEndedSteps()) {
    log.info({ runtimeRunId: step.runtimeRunId, step: step.stepName }, 'A crash left this step half ended; it ends once more.')
    await executeAgain(step)
  }
  for (const runtimeRunId of await listStalledRuns(STALLED_MS)) {
    log.info({ runtimeRunId }, 'Nothing moves in this run; asking the runtime again.')
    await reenqueueRun(getWorld(), runtimeRunId)
  }
  for (const { runId } of await listWaitingWithServer()) await resumeWithServer(runId)
}

/**
 * Asks the runtime for the step itself, and without an idempotency key: asked through its run, a
 * process that looked at the step before it was reopened takes it for done for as long as it lives.
 */
async function executeAgain({ runtimeRunId, workflowName, startedAtMs, stepId, stepName }: ReopenedStep): Promise<void> {
  await getWorld().queue(`__wkf_step_${stepName}`, { workflowName, workflowRunId: runtimeRunId, workflowStartedAt: startedAtMs, stepId, requestedAt: new Date() })
}
