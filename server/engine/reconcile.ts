import { log } from '../lib/log'
import { listWaitingWithServer } from '../courses/queries'
import { listUnstartedRuns } from './queries/runs'
import { resumeWithServer } from './waits'
import { startScheduled } from './schedule'
import { dispatchDue, enqueue } from './dispatch'

/** A start takes milliseconds; one that took longer was lost. */
const LOST_START_MS = 3_000

/**
 * Takes up what lies about, whoever carries the runtime: starts what is scheduled, what has its
 * turn and what was told to nobody, and tells waiting runs what they wait for. All of it may be
 * done twice without harm.
 * @param choose of the runs whose start was lost, those to start now
 * @returns how many it started, and how many it told
 */
export async function reconcile(choose: (ids: string[]) => Set<string> = ids => new Set(ids)): Promise<{ started: number, resumed: number }> {
  await startScheduled()
  await dispatchDue()
  const lost = await listUnstartedRuns(LOST_START_MS)
  const now = choose(lost.map(({ id }) => id))
  for (const { id, workflow } of lost.filter(({ id }) => now.has(id))) {
    log.info({ runId: id }, 'The start of this run was lost; starting it.')
    await enqueue(workflow, id)
  }
  const waiting = await listWaitingWithServer()
  for (const { runId } of waiting) await resumeWithServer(runId)
  return { started: now.size, resumed: waiting.length }
}
