import type { Run, RunSummary } from '../../shared/schemas/run'

/** What a run is to its chain of retries and rollbacks. */
export function chainRole({ retryOf, rollbackOf }: Pick<RunSummary, 'retryOf' | 'rollbackOf'>): 'First run' | 'Retry' | 'Rollback' {
  if (rollbackOf) return 'Rollback'
  return retryOf ? 'Retry' : 'First run'
}

/** The latest run that removes what a cancelled run created. */
export const rollbackIn = (chain: RunSummary[], runId: string): RunSummary | undefined =>
  chain.findLast(({ rollbackOf }) => rollbackOf === runId)

/** A text that changes with the status and the progress of a run. */
export const runVersion = ({ id, status, steps }: Pick<Run, 'id' | 'status' | 'steps'>): string =>
  `${id} ${status} ${steps.map(step => `${step.done}/${step.attempts}`).join()}`
