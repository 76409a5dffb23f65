import { attempt, fatalUnlessTransient, type Outcome, remove, type RunRef } from '../../ledger'
import { listItems } from '../../ledger/queries/items'
import { findResourceId, listForeignIds, listSubjectResources } from '../../ledger/queries/resources'
import { findRemovableCategory, findRemovableChannel, findRemovableRole } from '../../lib/discord'
import { findRemovableRepo } from '../../lib/github'
import type { KnownResource, Removable, RemovalDriver } from '../../lib/resource-driver'
import { configOf } from '../../lib/workflow-configs'
import { findCoursePlan } from '../queries'
import { markerOf } from './resources'

/**
 * Removes what was created for a course at one service, one after the other, the newest first: a
 * channel before its role and its category. A channel that cannot be removed keeps only its own role.
 * An item that is due later delays all that follow, as it must go first.
 */
export async function removeNewestFirst(run: RunRef, service: KnownResource['service']): Promise<Outcome<unknown>[]> {
  const { discordGuildId: guildId, items, resources } = await load(run).catch(fatalUnlessTransient)
  const outcomes: Outcome<unknown>[] = []
  const left = new Set<KnownResource>()
  for (const { name: step, item } of items) {
    const resource = resources.get(keyOf(typeRemovedBy(run, step), item))
    if (resource?.service !== service) continue
    const role = resources.get(keyOf('ROLE', resource.key))
    const channel = resources.get(keyOf('CHANNEL', resource.key))
    const group = { role, hasChannel: channel !== undefined && left.has(channel) }
    const outcome = await attempt(run, step, item, () => remove(resource, driverOf(resource, guildId, group)))
    outcomes.push(outcome)
    if (outcome.state === 'later') break
    if (outcome.state === 'failed') left.add(resource)
  }
  return outcomes
}

async function load({ runId, subjectId }: RunRef) {
  const [{ discordGuildId }, items, resources] = await Promise.all([
    findCoursePlan(subjectId), listItems([runId]), listSubjectResources(subjectId),
  ])
  return { discordGuildId, items, resources: new Map(resources.map(resource => [keyOf(resource.type, resource.key), resource])) }
}

const keyOf = (type: string | undefined, key: string) => `${type} ${key}`
const typeRemovedBy = ({ workflow }: RunRef, step: string) => configOf(workflow).steps.find(({ name }) => name === step)?.removes

/** What belongs to the same group: its role, and whether its channel could not be removed. */
interface Group { role?: KnownResource, hasChannel: boolean }

function driverOf(resource: KnownResource, guildId: string | null, { role, hasChannel }: Group): RemovalDriver {
  const { name, key, subjectId, type } = resource
  const marker = markerOf(subjectId, key)
  if (type === 'REPO') return repoDriver(resource, marker)
  if (guildId === null) throw new Error(`The course ${subjectId} has ${name} on Discord but no server there.`)
  const own = ({ created }: Removable) => ({ guildId, name, id: created?.id })
  const lost = async ({ since, until }: Removable) => ({ since, until, others: await listForeignIds(resource) })
  switch (type) {
    case 'CHANNEL':
      return { find: removable => findRemovableChannel({ ...own(removable), marker, onlyFor: role?.externalId ?? undefined }) }
    case 'ROLE':
      return { find: async removable => findRemovableRole({ ...own(removable), hasChannel }, await lost(removable)) }
    case 'CATEGORY':
      return { find: async removable => findRemovableCategory(own(removable), await lost(removable)) }
    default: throw new Error(`A rollback does not remove resources of the type ${type}.`)
  }
}

const repoDriver = (resource: KnownResource, marker: string): RemovalDriver => ({
  contains: ['BRANCH_PROTECTION', 'SEED_COMMIT'],
  find: async ({ created }) => {
    const seed = await findResourceId(resource, 'SEED_COMMIT')
    return findRemovableRepo({ name: resource.name, marker, id: created?.id, seed })
  },
})
