import { Cron } from 'croner'
import { db } from '../db/client'
import { log } from '../lib/log'
import { findConfig, listWorkflowConfigs } from '../lib/workflow-configs'
import { dispatchDue, endSuperseded } from './dispatch'
import { insertSchedule, readTime, takeTick } from './queries/schedules'
import { recordRun } from './record'
import { INSTALLATION_ID } from './subjects'

/** The actor of scheduled runs. */
const ATELIER = 'atelier'

/** The workflows that start by themselves. */
export const scheduledWorkflows = (): string[] => listWorkflowConfigs().flatMap(([name, { schedule }]) => schedule ? [name] : [])

/** The last tick of each schedule that this process knows to be taken. */
const taken = new Map<string, number>()

/**
 * Starts each scheduled workflow that is due, once over all processes. One run replaces all missed ticks. Takes a tick
 * only if this process has not seen it.
 * @param at the time, absent: the database's
 */
export async function startScheduled(at?: Date): Promise<void> {
  const now = at ?? await readTime()
  for (const name of scheduledWorkflows()) {
    const tick = lastTick(name, now)
    if (taken.get(name) === tick.getTime()) continue
    if (!taken.has(name)) await insertSchedule(name, tick)
    if (await startTick(name, tick) !== 'busy') taken.set(name, tick.getTime())
  }
}

export type TickOutcome = 'started' | 'done' | 'busy'

/** The subject has an active run: the tick is not taken. */
class Busy extends Error {}

/**
 * Starts a workflow for its last tick, unless that was done.
 * @returns `busy` when an earlier run of it is still active
 */
export async function startTick(workflow: string, tick: Date): Promise<TickOutcome> {
  let superseded: string[] = []
  const outcome = await db().transaction(async (tx): Promise<TickOutcome> => {
    if (!await takeTick(tx, workflow, tick)) return 'done'
    const recorded = await recordRun(tx, { workflow, subjectId: INSTALLATION_ID, actor: ATELIER })
    if (recorded.state !== 'recorded') throw new Busy()
    superseded = recorded.superseded
    return 'started'
  }).catch((error: unknown) => {
    if (error instanceof Busy) return 'busy' as const
    throw error
  })
  if (outcome === 'started') {
    log.info({ workflow, tick }, 'A scheduled run starts.')
    endSuperseded(superseded)
    await dispatchDue()
  }
  return outcome
}

/** The last tick of a workflow by the database's clock. */
export const readLastTick = async (workflow: string): Promise<Date> => lastTick(workflow, await readTime())

/** The last time at or before `now` at which a workflow was due. */
export const lastTick = (workflow: string, now: Date): Date =>
  // Without the added second, a tick at exactly `now` would be left out.
  new Cron(findConfig(workflow)!.schedule!, { timezone: 'UTC', paused: true }).previousRuns(1, new Date(now.getTime() + 1_000))[0]!
