import { audited, type RunRef } from '../ledger'
import { listRecorded, listTakenOver, type TakenOverResource } from '../ledger/queries/taken-over'
import { type Duplicate, findDuplicates, removeDuplicate, type SingleResource } from '../lib/discord'
import { ProviderError, type ProviderErrorCode, providerError } from '../lib/errors'
import { log } from '../lib/log'
import { markerOf } from './provisioning/resources'
import { listGuildIds } from './queries'

/** The calls that create what is looked for. It goes in this order: a category or role goes when no channel of it is left. */
const ACTIONS = { CHANNEL: 'DISCORD_CREATE_CHANNEL', CATEGORY: 'DISCORD_CREATE_CHANNEL', ROLE: 'DISCORD_CREATE_ROLE' }
const ORDER = Object.keys(ACTIONS)
/** The sweep is daily; one that failed is made up for. */
const DAYS = 3
/** A younger one may still be recorded: every call ends within 15 s. */
const MIN_AGE_MS = 30_000
/** Clocks differ, and a call may take a while to take effect. */
const TOLERANCE_MS = 10_000

/** The server was deleted, or the bot has left it. */
const UNREACHABLE: ProviderErrorCode[] = ['PARENT_NOT_FOUND', 'PROVIDER_FORBIDDEN']

type Single = SingleResource & Pick<TakenOverResource, 'subjectId' | 'key' | 'calls'>
type Finding = Duplicate<Single>

/**
 * Finds channels, categories and roles that a course has twice on Discord: a process that was frozen between its last check and the
 * kernel's send makes its call after another one has made it, and the ledger knows only one. Removes those that an
 * audited call of ours created and that nobody uses.
 * @returns how many were removed
 * @throws ProviderError RESOURCE_CONFLICT that names those that are left for a person
 */
export async function sweepDuplicates({ runId }: RunRef): Promise<number> {
  const resources = await listTakenOver({ subjectType: 'course', service: 'DISCORD', actions: ACTIONS, days: DAYS })
  const guildIds = await listGuildIds([...new Set(resources.map(({ subjectId }) => subjectId))])
  let removed = 0
  const left: string[] = []
  for (const [guildId, own] of Map.groupBy(resources, ({ subjectId }) => guildIds.get(subjectId))) {
    if (!guildId) continue
    const found = (await findUnrecorded(guildId, own.map(toSingle))).sort((a, b) => ORDER.indexOf(a.of.type) - ORDER.indexOf(b.of.type))
    for (const one of found) {
      const { of: { type, name, subjectId, key }, id } = one
      const context = { runId, subjectType: 'course', subjectId, step: 'SWEEP_DUPLICATES', item: key }
      const role = own.find(other => other.type === 'ROLE' && other.subjectId === subjectId && other.key === key)
      const why = isOurs(one)
        ? await audited(context, () => removeDuplicate(guildId, one, role?.externalId)).then(() => undefined, reasonToKeep)
        : 'no call of Atelier explains it'
      const about = { course: subjectId, type, name, id, why }
      log.warn(about, why ? 'A duplicate on Discord was left for a person.' : 'A duplicate on Discord was removed.')
      if (why) left.push(`${type.toLowerCase()} "${name}" (${id}): ${why}`)
      else removed++
    }
  }
  if (left.length) throw providerError('DUPLICATES_LEFT', { removed, left: left.join('; ') })
  return removed
}

const toSingle = ({ subjectId, type, key, name, externalId, calls }: TakenOverResource): Single =>
  ({ subjectId, key, calls, type: type as Single['type'], name, id: externalId, marker: markerOf(subjectId, key) })

/** What a server has beside what is recorded; nothing where the bot may not look any more. */
async function findUnrecorded(guildId: string, singles: Single[]): Promise<Finding[]> {
  const found = await findDuplicates(guildId, singles).catch((error: unknown) => {
    if (!(error instanceof ProviderError) || !UNREACHABLE.includes(error.code)) throw error
    log.warn({ guildId, error }, 'A Discord server was not searched for duplicates.')
    return []
  })
  const old = found.filter(({ createdAt }) => Date.now() - createdAt.getTime() > MIN_AGE_MS)
  const recorded = await listRecorded('DISCORD', old.map(({ id }) => id))
  return old.filter(({ id }) => !recorded.has(id))
}

/** Whether it came to be while a creating call for this very item was out. A copy that a person made carries the marker, too. */
const isOurs = ({ of: { calls }, createdAt }: Finding): boolean => calls.some(({ from, to }) =>
  createdAt.getTime() > from.getTime() - TOLERANCE_MS && createdAt.getTime() < to.getTime() + TOLERANCE_MS)

/** A duplicate that people use, or that the bot may not remove, is left; anything else fails the attempt. */
function reasonToKeep(error: unknown): string {
  if (error instanceof ProviderError && ['RESOURCE_CONFLICT', 'PROVIDER_FORBIDDEN'].includes(error.code)) return error.why
  throw error
}
