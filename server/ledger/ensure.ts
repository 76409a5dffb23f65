import { ProviderError, providerError } from '../lib/errors'
import { resourceName } from '../lib/messages/resource-names'
import { thisProcess } from '../lib/process'
import type { CreatedResource, ResourceDriver, ResourceIdentity } from '../lib/resource-driver'
import { LEASE_MS, whileLeased } from './leases'
import type { RunRef } from './attempt'
import {
  isBeingCreated, leaseResource, listForeignIds, recordIntent, recordResource, releaseResource,
} from './queries/resources'

/** Resources that this process creates or removes at this moment; its leases on any other are leftovers. */
const underway = new Set<string>()

/**
 * Finds, or else creates and records, one outside resource exactly once: the only way to create one.
 * Takes the resource's lease, looks outside where the database cannot know, records the
 * intent, creates, and records the id before anything else happens.
 * @throws ProviderError RESOURCE_BUSY when another execution works on it: retry a little later
 */
export const ensure = (identity: ResourceIdentity, driver: ResourceDriver): Promise<CreatedResource> => exclusively(identity, async () => {
  const takenAt = performance.now()
  const lease = await leaseResource({ ...identity, holder: thisProcess().id })
  if (lease.state === 'created') return lease.created
  if (lease.state === 'busy') throw busy(identity)
  return whileLeased('resource', lease, { leaseMs: LEASE_MS, takenAt }, () => create(lease, driver, identity))
})

type Which = Pick<ResourceIdentity, 'subjectId' | 'service' | 'type' | 'key' | 'name'>

/** Excludes other work of this process on the resource; its lease excludes other processes. */
export async function exclusively<T>(which: Which, work: () => Promise<T>): Promise<T> {
  const key = [which.subjectId, which.service, which.type, which.key].join(' ')
  if (underway.has(key)) throw busy(which)
  underway.add(key)
  try {
    return await work()
  }
  finally {
    underway.delete(key)
  }
}

interface HeldIntent { rowId: string, fence: number, intended: boolean }

async function create(intent: HeldIntent, driver: ResourceDriver, identity: ResourceIdentity): Promise<CreatedResource> {
  const { rowId, fence, intended } = intent
  let created: CreatedResource
  let looking = true
  try {
    const found = driver.look === 'first' || intended ? await find(driver, identity, intended) : null
    // Also when the intent is recorded already: a process that lost the lease must not create a second one.
    if (!found && !await recordIntent({ rowId, fence })) throw busy(identity)
    looking = false
    created = found ?? await createOrFind(driver, identity)
  }
  catch (error) {
    await releaseResource({ rowId, fence, nothingCreated: provesNothingCreated(error, { looking, intended }) }).catch(() => {
      // The lease expires by itself; the first failure is the one to report.
    })
    throw error
  }
  if (!await recordResource({ rowId, fence, created })) throw busy(identity)
  return created
}

/**
 * A call that was refused, or never made, has created nothing. A look that was refused says nothing about
 * an earlier call, unless it saw somebody else's resource.
 */
function provesNothingCreated(error: unknown, { looking, intended }: { looking: boolean, intended: boolean }): boolean {
  if (!(error instanceof ProviderError)) return false
  if (error.unsent) return !looking && !intended
  return !error.retryable && (!looking || error.code === 'RESOURCE_CONFLICT')
}

async function find(driver: ResourceDriver, identity: ResourceIdentity, ours: boolean): Promise<CreatedResource | null> {
  return driver.find({ ours, others: ours ? await listForeignIds(identity) : [], runId: identity.runId })
}

async function createOrFind(driver: ResourceDriver, identity: ResourceIdentity): Promise<CreatedResource> {
  try {
    return await driver.create()
  }
  catch (error) {
    if (!(error instanceof ProviderError && error.code === 'ALREADY_EXISTS')) throw error
    const found = await find(driver, identity, false)
    if (!found) throw error
    return found
  }
}

const BUSY_MS = 1_000

/** The error for a resource that another execution works on. */
export const busy = ({ type, name }: Pick<Which, 'type' | 'name'>) =>
  providerError('RESOURCE_BUSY', { resource: resourceName(type), name }, { retryAfter: BUSY_MS })

/**
 * Checks that no creating call of a chain of runs is in flight any more.
 * @throws ProviderError RESOURCE_BUSY while one may be: retry a little later
 */
export async function awaitCreations({ rootRunId }: RunRef): Promise<void> {
  if (await isBeingCreated(rootRunId, thisProcess().id)) throw providerError('LAST_CALLS_OUT', {}, { retryAfter: BUSY_MS })
}
