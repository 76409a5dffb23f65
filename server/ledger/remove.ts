import { thisProcess } from '../lib/process'
import type { KnownResource, RemovalDriver } from '../lib/resource-driver'
import { busy, exclusively } from './ensure'
import { LEASE_MS, whileLeased } from './leases'
import { leaseRemoval, recordRemoval, releaseRemoval, renewRemoval } from './queries/removals'

/**
 * Removes one outside resource, the counterpart of `ensure()` and the only way to do so: takes its
 * lease, checks that it is still what was created, removes it, and records that it is gone. After a crash
 * the next look finds that the resource does not exist any more.
 * @throws ProviderError RESOURCE_BUSY when another execution works on it: retry a little later
 */
export const remove = (resource: KnownResource, driver: RemovalDriver): Promise<void> => exclusively(resource, async () => {
  const takenAt = performance.now()
  const lease = await leaseRemoval(resource, thisProcess().id)
  if (lease.state === 'gone') return
  if (lease.state === 'busy') throw busy(resource)
  const { removable } = lease
  await whileLeased('resource', removable, { leaseMs: LEASE_MS, takenAt }, async () => {
    try {
      const removeFound = await driver.find(removable)
      if (removeFound) {
        if (!await renewRemoval(removable)) throw busy(resource)
        await removeFound()
      }
    }
    catch (error) {
      await releaseRemoval(removable).catch(() => {
        // The lease expires by itself; the first failure is the one to report.
      })
      throw error
    }
    if (!await recordRemoval(resource, removable, driver.contains ?? [])) throw busy(resource)
  })
})
