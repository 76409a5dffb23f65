import { ANY_RUN, onRunChanged } from './changes'
import { areRunsFinished } from './queries/runs'

/** So long a caller is let wait for what is usually done at once. */
const PATIENCE_MS = 2_000

/** Waits until all these runs are over. @returns whether they are; false after two seconds in which they were not */
export async function awaitRuns(runIds: string[]): Promise<boolean> {
  const giveUp = AbortSignal.timeout(PATIENCE_MS)
  let changed = Promise.withResolvers<unknown>()
  const stop = await onRunChanged((id, change) => {
    if (id === ANY_RUN || (change === 'run' && runIds.includes(id))) changed.resolve(undefined)
  })
  giveUp.addEventListener('abort', () => changed.resolve(undefined))
  try {
    while (!giveUp.aborted) {
      changed = Promise.withResolvers<unknown>()
      if (await areRunsFinished(runIds)) return true
      await changed.promise
    }
    return false
  }
  finally {
    stop()
  }
}
