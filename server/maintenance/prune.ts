import { workflows } from '../../workflows.config'
import { attempt, retryWhenDue, valueOf } from '../ledger'
import { BATCH } from './queries'

type PruneStep = (typeof workflows)['prune']['steps'][number]['name']

/** Removes batch by batch until nothing is left to remove. @returns how many were removed; 0 when that failed for good */
export async function removeAll(runId: string, step: PruneStep, ...deleters: (() => Promise<number>)[]): Promise<number> {
  const outcome = await attempt({ runId, retry: workflows.prune.retry }, step, 'main', async () => {
    let removed = 0
    for (const deleteBatch of deleters) {
      for (let batch = BATCH; batch >= BATCH;) {
        batch = await deleteBatch()
        removed += batch
      }
    }
    return removed
  })
  retryWhenDue([outcome])
  return valueOf(outcome) ?? 0
}
