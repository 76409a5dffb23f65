import { ANY_RUN, onRunChanged } from './changes'
import { areRunsFinished } from './queries/runs'

/** A request waits this long for runs that usually end at once. */
const TIMEOUT_MS = 2_000

/** Waits until all these runs have ended. @returns false when they have not ended within two seconds */
export async function awaitRuns(runIds: string[]): Promise<boolean> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  let changed = Promise.withResolvers<unknown>()
  const stop = await onRunChanged((id, change) => {
    if (id === ANY_RUN || (change === 'run' && runIds.includes(id))) changed.resolve(undefined)
  })
  timeout.addEventListener('abort', () => changed.resolve(undefined))
  try {
    while (!timeout.aborted) {
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
