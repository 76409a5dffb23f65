import { recordRemoval, leaseRemoval, type Removable, releaseRemoval, renewLease, type Thing } from './queries/removals'
import { busy, exclusively } from './ensure'
import { thisProcess } from '../lib/process'

/** How a thing is known again and removed outside. */
export interface ResourceRemover {
  /**
   * Looks for the thing that was made, or that a lost call may have made.
   * @returns removes it; null when it is not there
   * @throws ProviderError RESOURCE_CONFLICT when it is no longer what was made: then it is left
   */
  find: (removable: Removable) => Promise<(() => Promise<void>) | null>
}

/**
 * Removes one outside thing, the counterpart of `ensure()` and the only way to do so: takes its
 * lease, looks whether it is still what was made, removes it, and keeps that it is gone. A crash
 * after the call shows at the next look: it is not there any more.
 * @throws ProviderError RESOURCE_BUSY when another execution is at it: come back a little later
 */
export const remove = (thing: Thing, remover: ResourceRemover): Promise<void> => exclusively(thing, async () => {
  const lease = await leaseRemoval(thing, thisProcess().id)
  if (lease.state === 'gone') return
  if (lease.state === 'busy') throw busy(thing)
  const { removable } = lease
  try {
    const removeFound = await remover.find(removable)
    if (removeFound) {
      if (!await renewLease(removable)) throw busy(thing)
      await removeFound()
    }
  }
  catch (error) {
    await releaseRemoval(removable).catch(() => {
      // The lease lapses by itself; the failure that led here is the one to report.
    })
    throw error
  }
  if (!await recordRemoval(thing, removable)) throw busy(thing)
})
