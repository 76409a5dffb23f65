import { driver } from './client'

/** `run`: the run itself changed, its status for one; `steps`: one of its steps did. */
export type Change = 'run' | 'steps'
type Listener = (runId: string, change: Change) => void

interface Changes { listeners: Set<Listener>, listening?: Promise<unknown> }

const shared = globalThis as typeof globalThis & { __atelierChanges?: Changes }
const changes = () => shared.__atelierChanges ??= { listeners: new Set() }

/** After an outage nobody knows what changed, so everybody is told that anything may have. */
export const ANYTHING = '*'

/**
 * Hears of every change of a run, whichever process made it.
 * @param listener gets the run's id, or ANYTHING after the connection was lost and is back
 * @returns ends it
 */
export async function onRunChanged(listener: Listener): Promise<() => void> {
  changes().listening ??= driver()
    .listen('run_changed', payload => tell(...payload.split(' ') as [string, Change]), () => tell(ANYTHING, 'run'))
    .catch((error: unknown) => {
      changes().listening = undefined
      throw error
    })
  await changes().listening
  // Not before: nobody would take it out again when listening failed.
  const { listeners } = changes()
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const tell: Listener = (runId, change) => changes().listeners.forEach(listener => listener(runId, change))
