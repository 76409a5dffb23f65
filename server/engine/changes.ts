import { sessionDriver } from '../db/client'
import { snapshotRuns, type RunSnapshots } from './queries/run-snapshots'

/** `run`: the run itself changed, its status for one; `steps`: one of its steps did; `turns`: all queued runs have moved up. */
export type Change = 'run' | 'steps' | 'turns'
type Listener = (runId: string, change: Change) => void

interface Changes { listeners: Set<Listener>, hearing?: Promise<unknown> }

const shared = globalThis as typeof globalThis & { __atelierChanges?: Changes }
const changes = () => shared.__atelierChanges ??= { listeners: new Set() }

/** Often enough for a person, where PostgreSQL cannot tell by itself. */
const LOOK_MS = 1_000

/** After an outage nobody knows what changed, so everybody is told that anything may have. */
export const ANY_RUN = '*'

/**
 * Hears of every change of a run, whichever process made it.
 * @param listener gets the run's id, or ANY_RUN after the connection was lost and is back
 * @returns ends it
 */
export async function onRunChanged(listener: Listener): Promise<() => void> {
  do {
    changes().hearing ??= hear().catch((error: unknown) => {
      changes().hearing = undefined
      throw error
    })
    await changes().hearing
    // Looking may have ended for want of listeners in this very moment.
  } while (!changes().hearing)
  // Not before: nobody would take it out again when hearing failed.
  const { listeners } = changes()
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** PostgreSQL tells where a session can be had; behind a transaction pooler there is only looking again and again. */
async function hear(): Promise<void> {
  const session = sessionDriver()
  if (!session) return poll(await snapshotRuns())
  await session.listen('run_changed', payload => tell(...payload.split(' ') as [string, Change]), () => tell(ANY_RUN, 'run'))
}

/**
 * Looks for as long as somebody listens.
 * @param before what was seen last; undefined after a look that failed
 */
function poll(before: RunSnapshots | undefined): void {
  setTimeout(() => void snapshotRuns().then(now => compare(before, now), () => undefined).then((now) => {
    if (changes().listeners.size) poll(now)
    else changes().hearing = undefined
  }), LOOK_MS)
}

function compare(before: RunSnapshots | undefined, now: RunSnapshots): RunSnapshots {
  if (!before) tell(ANY_RUN, 'run')
  else for (const [id, { run, steps }] of now) {
    const known = before.get(id)
    if (run !== known?.run) tell(id, 'run')
    else if (steps !== known.steps) tell(id, 'steps')
  }
  return now
}

const tell: Listener = (runId, change) => changes().listeners.forEach(listener => listener(runId, change))
