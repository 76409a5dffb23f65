import { ProviderError } from '../lib/errors'
import type { CreatedResource, ResourceDriver } from '../lib/resource-driver'
import { recordIntent, recordResource, leaseResource, listForeignIds, releaseResource, type ResourceIdentity } from './queries/resources'
import { thisProcess } from '../lib/process'

/** Resources this process is making or removing at this moment; a lease of its own for another one is a leftover. */
const underway = new Set<string>()

/**
 * Finds, or else makes and remembers, one outside thing exactly once: the only way to make one.
 * Takes the resource's lease, looks where a look can tell more than the database, writes the
 * intent, creates, and keeps the id before anything else happens.
 * @throws ProviderError RESOURCE_BUSY when another execution is at it: come back a little later
 */
export const ensure = (identity: ResourceIdentity, maker: ResourceDriver): Promise<CreatedResource> => exclusively(identity, async () => {
  const lease = await leaseResource({ ...identity, holder: thisProcess().id })
  if (lease.state === 'made') return lease.made
  if (lease.state === 'busy') throw busy(identity)
  return make(lease, maker, identity)
})

type Which = Pick<ResourceIdentity, 'subjectId' | 'service' | 'type' | 'key' | 'name'>

/** Keeps other work of this process off the resource meanwhile; its lease keeps off that of others. */
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

async function make({ rowId, fence, intended }: { rowId: string, fence: number, intended: boolean }, maker: ResourceDriver, identity: ResourceIdentity): Promise<CreatedResource> {
  let made: CreatedResource
  let looking = true
  try {
    const found = maker.look === 'first' || intended ? await find(maker, identity, intended) : null
    // Asked even when the intent stands already: whoever has lost the lease must not make a second one.
    if (!found && !await recordIntent({ rowId, fence })) throw busy(identity)
    looking = false
    made = found ?? await create(maker, identity)
  }
  catch (error) {
    await releaseResource({ rowId, fence, nothingMade: provesNothingMade(error, { looking, intended }) }).catch(() => {
      // The lease lapses by itself; the failure that led here is the one to report.
    })
    throw error
  }
  if (!await recordResource({ rowId, fence, made })) throw busy(identity)
  return made
}

/**
 * A call that was refused, or never made, has made nothing. A look that was refused tells nothing of
 * an earlier call, unless it saw somebody else's thing.
 */
function provesNothingMade(error: unknown, { looking, intended }: { looking: boolean, intended: boolean }): boolean {
  if (!(error instanceof ProviderError)) return false
  if (error.unsent) return !looking && !intended
  return !error.retryable && (!looking || error.code === 'RESOURCE_CONFLICT')
}

async function find(maker: ResourceDriver, identity: ResourceIdentity, ours: boolean): Promise<CreatedResource | null> {
  return maker.find({ ours, others: ours ? await listForeignIds(identity) : [], runId: identity.runId })
}

async function create(maker: ResourceDriver, identity: ResourceIdentity): Promise<CreatedResource> {
  try {
    return await maker.create()
  }
  catch (error) {
    if (!(error instanceof ProviderError && error.code === 'ALREADY_EXISTS')) throw error
    const found = await find(maker, identity, false)
    if (!found) throw error
    return found
  }
}

const BUSY_MS = 1_000

export const busy = ({ type, name }: Pick<Which, 'type' | 'name'>) => new ProviderError({
  code: 'RESOURCE_BUSY',
  message: `Something else is at ${type} ${name} at this timestamptz.`,
  why: 'Another execution holds its lease, or one that was killed held it a timestamptz ago.',
  fix: 'Nothing: it goes on by itself.',
  retryable: true,
  retryAfter: BUSY_MS,
})
