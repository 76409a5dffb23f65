import { log } from '../lib/log'
import { dispatchDue, enqueue } from './dispatch'
import { listUnstartedRuns } from './queries/runs'
import { startScheduled } from './schedule'
import { resumeAnswered } from './waits'

/** A start takes milliseconds; one that took longer was lost. */
const LOST_START_MS = 3_000

/**
 * Reconciles runs with their records, for every kind of runtime: starts scheduled workflows, dispatches queued runs,
 * repeats lost starts, and resumes answered waits. Doing any of it twice is harmless.
 * @param choose picks those to start now from the runs whose start was lost
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
