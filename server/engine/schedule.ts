import { randomUUID } from 'node:crypto'
import { Cron } from 'croner'
import { log } from '../lib/log'
import { insertRun } from './queries/runs'
import { noteSchedule, takeTick } from './queries/schedules'
import { db } from '../db/client'
import { INSTALLATION_ID } from '../../shared/utils/installation'
import { type WorkflowConfig, type WorkflowName, workflows } from '../../workflows.config'
import { dispatchDue } from './dispatch'

/** Who asks for what nobody asks for. */
const ATELIER = 'atelier'

const names = Object.keys(workflows) as WorkflowName[]
/** The workflows that start by themselves. */
export const scheduledWorkflows = names.filter(name => scheduleOf(name))

/** The tick of each that this process knows to be taken. */
const taken = new Map<WorkflowName, number>()

/**
 * Starts each scheduled workflow whose tick has come, once over all processes. Ticks that were
 * missed are made up for by one run. Asks the database only when there is a tick it has not seen.
 */
export async function startScheduled(now = new Date()): Promise<void> {
  for (const name of scheduledWorkflows) {
    const tick = lastTick(name, now)
    if (taken.get(name) === tick.getTime()) continue
    if (!taken.has(name)) await noteSchedule(name, tick)
    if (await startTick(name, tick) !== 'busy') taken.set(name, tick.getTime())
  }
}

/**
 * Starts a workflow for its last tick, unless that was done.
 * @returns `busy` when an earlier run of it is still under way
 */
export async function startTick(workflow: WorkflowName, tick: Date): Promise<'started' | 'done' | 'busy'> {
  const outcome = await db().transaction(async (tx): Promise<'started' | 'done' | 'busy'> => {
    const state = await takeTick(tx, workflow, tick)
    if (state !== 'taken') return state
    await insertRun(tx, { id: randomUUID(), workflow, subjectId: INSTALLATION_ID, actor: ATELIER, items: workflows[workflow].steps.map(({ name }) => ({ name, item: 'main' })) })
    return 'started'
  })
  if (outcome === 'started') {
    log.info({ workflow, tick }, 'A scheduled run begins.')
    await dispatchDue()
  }
  return outcome
}

/** The last time at or before `now` at which a workflow was due. */
export const lastTick = (workflow: WorkflowName, now: Date): Date =>
  // The second of the reference itself is left out.
  new Cron(scheduleOf(workflow)!, { timezone: 'UTC', paused: true }).previousRuns(1, new Date(now.getTime() + 1_000))[0]!

function scheduleOf(name: WorkflowName): string | undefined {
  const config: WorkflowConfig = workflows[name]
  return config.schedule
}
