import { attempt, fatalUnlessTransient, type Outcome, remove, type ResourceRemover, type Work } from '../../ledger'
import { findCoursePlan } from '../queries'
import { findSeedCommit, listSubjectResources, type Removable, type Thing } from '../../ledger/queries/removals'
import { listForeignIds } from '../../ledger/queries/resources'
import { listItems } from '../../ledger/queries/items'
import { findRemovableCategory, findRemovableChannel, findRemovableRole } from '../../lib/discord'
import { findRemovableRepo } from '../../lib/github'
import { type StepConfig, workflows } from '../../../workflows.config'
import { markerOf } from './work'
import type { RollbackRef } from '../../workflows/rollback-course/types'

const { retry, ...config } = workflows['rollback-course']
const steps: readonly StepConfig[] = config.steps

/** The attempts of a run that takes back. */
export const workOf = ({ runId, courseId }: RollbackRef): Work => ({ runId, courseId, retry })

/**
 * Removes what was made for a course at one service, one after the other, the newest first: a
 * channel before its role and its category. What cannot be removed holds up nothing but the role
 * that sees it; what is due later does, as its turn comes first.
 */
export async function removeNewestFirst(course: RollbackRef, service: Thing['service']): Promise<Outcome<unknown>[]> {
  const [{ discordGuildId }, items, all] = await Promise.all([findCoursePlan(course.courseId), listItems([course.runId]), listSubjectResources(course.courseId)]).catch(fatalUnlessTransient)
  const things = new Map(all.map(thing => [keyOf(thing.type, thing.key), thing]))
  const outcomes: Outcome<unknown>[] = []
  const left = new Set<Thing>()
  for (const { name: step, item } of items) {
    const thing = things.get(keyOf(typeRemovedBy(step), item))
    if (thing?.service !== service) continue
    const outcome = await attempt(workOf(course), step, item, () => remove(thing, removerOf(thing, discordGuildId, {
      role: things.get(keyOf('ROLE', thing.key)),
      hasChannel: left.has(things.get(keyOf('CHANNEL', thing.key))!),
    })))
    outcomes.push(outcome)
    if (outcome.state === 'later') break
    if (outcome.state === 'failed') left.add(thing)
  }
  return outcomes
}

const keyOf = (type: string | undefined, key: string) => `${type} ${key}`
const typeRemovedBy = (name: string) => steps.find(step => step.name === name)?.removes

/** What of a group belongs together: its role, and whether its channel could not be removed. */
interface Group { role?: Thing, hasChannel: boolean }

function removerOf(thing: Thing, guildId: string | null, { role, hasChannel }: Group): ResourceRemover {
  const { name, key, subjectId } = thing
  const marker = markerOf({ courseId: subjectId }, key)
  if (thing.type === 'REPO') return { find: async ({ made }) => findRemovableRepo({ name, marker, id: made?.id, seed: await findSeedCommit(thing) }) }
  if (guildId === null) throw new Error(`The course ${subjectId} has ${name} on Discord but no server there.`)
  const own = ({ made }: Removable) => ({ guildId, name, id: made?.id })
  const lost = async ({ since, until }: Removable) => ({ since, until, others: await listForeignIds(thing) })
  switch (thing.type) {
    case 'CHANNEL': return { find: removable => findRemovableChannel({ ...own(removable), marker, onlyFor: role?.externalId ?? undefined }) }
    case 'ROLE': return { find: async removable => findRemovableRole({ ...own(removable), hasChannel }, await lost(removable)) }
    case 'CATEGORY': return { find: async removable => findRemovableCategory(own(removable), await lost(removable)) }
    default: throw new Error(`Nothing removes a ${thing.type}.`)
  }
}
