import { AsyncResource } from 'node:async_hooks'
import { sessionDriver } from '../db/client'
import { type RunSnapshots, snapshotRuns } from './queries/run-snapshots'

/** `run`: the run itself changed, such as its status; `steps`: one of its steps did; `queue`: all queued runs have moved up. */
export type Change = 'run' | 'steps' | 'queue'
type Listener = (runId: string, change: Change) => void

interface Changes { listeners: Set<Listener>, listening?: Promise<unknown> }

const shared = globalThis as typeof globalThis & { __atelierChanges?: Changes }
const changes = () => shared.__atelierChanges ??= { listeners: new Set() }

/** Often enough for a person, where PostgreSQL cannot notify. */
const POLL_MS = 1_000

/** After an outage nobody knows what changed, so listeners get this instead of an id: any run may have changed. */
export const ANY_RUN = '*'

/**
 * Listens to every change of a run, by any process.
 * @param listener gets the run's id, or ANY_RUN after the connection was lost and is back
 * @returns ends it
 */
export async function onRunChanged(listener: Listener): Promise<() => void> {
  do {
    changes().listening ??= listen().catch((error: unknown) => {
      changes().listening = undefined
      throw error
    })
    await changes().listening
    // Polling may just have ended because nobody listened.
  } while (!changes().listening)
  // Not earlier: nobody would remove it when listening fails.
  const { listeners } = changes()
  // The connection calls it, and belongs to whatever request opened that.
  const own = AsyncResource.bind(listener)
  listeners.add(own)
  return () => listeners.delete(own)
}

/** PostgreSQL notifies where a session can be had; behind a transaction pooler the database is polled. */
async function listen(): Promise<void> {
  const session = sessionDriver()
  if (!session) return poll(await snapshotRuns())
  await session.listen('run_changed', payload => notify(...payload.split(' ') as [string, Change]), () => notify(ANY_RUN, 'run'))
}

/**
 * Polls for as long as somebody listens.
 * @param before the last snapshot; undefined after one that failed
 */
function poll(before: RunSnapshots | undefined): void {
  setTimeout(() => void snapshotRuns().then(now => compare(before, now), () => undefined).then((now) => {
    if (changes().listeners.size) poll(now)
    else changes().listening = undefined
  }), POLL_MS)
}

function compare(before: RunSnapshots | undefined, now: RunSnapshots): RunSnapshots {
  if (!before) {
    notify(ANY_RUN, 'run')
    return now
  }
  for (const [id, { run, steps }] of now) {
    const known = before.get(id)
    if (run !== known?.run) notify(id, 'run')
    else if (steps !== known.steps) notify(id, 'steps')
  }
  return now
}

const notify: Listener = (runId, change) => changes().listeners.forEach(listener => listener(runId, change))
