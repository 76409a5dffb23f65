import { attempt, retryWhenDue, type RunRef, valueOf } from '../ledger'
import type { StepName } from '../../workflows.config'
import { BATCH } from './queries'

/** Removes batch by batch until nothing is left to remove. @returns how many were removed; 0 when that failed for good */
export async function removeAll(run: RunRef, step: StepName<'prune'>, ...deleters: (() => Promise<number>)[]): Promise<number> {
  const outcome = await attempt(run, step, 'main', async () => {
    let removed = 0
    for (const deleteBatch of deleters) removed += await removeBatches(deleteBatch)
    return removed
  })
  retryWhenDue([outcome])
  return valueOf(outcome) ?? 0
}

async function removeBatches(deleteBatch: () => Promise<number>): Promise<number> {
  let removed = 0
  for (let batch = BATCH; batch >= BATCH;) {
    batch = await deleteBatch()
    removed += batch
  }
  return removed
}
