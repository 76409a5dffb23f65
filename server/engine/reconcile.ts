import { log } from '../lib/log'
import { dispatchDue, enqueue } from './dispatch'
import { listUnstartedRuns } from './queries/runs'
import { startScheduled } from './schedule'
import { resumeAnswered } from './waits'

/** A start takes milliseconds; one that took longer was lost. */
const LOST_START_MS = 3_000

/**
 * Brings runs to where they should be, wherever the runtime is: starts scheduled workflows, dispatches queued runs,
 * repeats lost starts, and resumes waiting runs that have their answer. All of it may be done twice without harm.
 * @param choose of the runs whose start was lost, those to start now
 * @returns how many it started, and how many it resumed
 */
export async function reconcile(
  choose: (ids: string[]) => Set<string> = ids => new Set(ids),
): Promise<{ started: number, resumed: number }> {
  await startScheduled()
  await dispatchDue()
  const lost = await listUnstartedRuns(LOST_START_MS)
  const chosen = choose(lost.map(({ id }) => id))
  for (const { id, workflow } of lost.filter(({ id }) => chosen.has(id))) {
    log.info({ runId: id }, 'The start of this run was lost. It is enqueued again.')
    await enqueue(workflow, id)
  }
  return { started: chosen.size, resumed: await resumeAnswered() }
}
