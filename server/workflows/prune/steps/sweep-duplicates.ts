import { sweepDuplicates as sweep } from '../../../courses'
import { attempt, retryWhenDue, type RunRef, valueOf } from '../../../ledger'
import { UNLIMITED_RETRIES } from '../../../ledger/unlimited-retries'

/** Removes what a frozen process created twice, where that is certain and nobody uses it. @returns how many */
export async function sweepDuplicates(run: RunRef): Promise<number> {
  'use step'
  const outcome = await attempt(run, 'SWEEP_DUPLICATES', 'main', () => sweep(run))
  retryWhenDue([outcome])
  return valueOf(outcome) ?? 0
}
sweepDuplicates.maxRetries = UNLIMITED_RETRIES
