import { randomUUID } from 'node:crypto'
import { requestContext } from '../lib/request-context'
import { createAppender } from './append'
import { appendActions, type NewAction } from './queries/actions'
import { RefusalCounter } from './refusals'

const WINDOW_MS = 60_000

const write = createAppender(appendActions)
const refusals = new RefusalCounter()
let window: NodeJS.Timeout | undefined

/**
 * Appends what an actor did to the second half of the audit. Like the first half it is kept and written later when it
 * cannot be written, and changes nothing else.
 * @param bounds whether it counts against a bound: it was refused, or a stranger asked for it
 */
export async function recordAction(action: Omit<NewAction, 'entryId'>, bounds: { isRefused: boolean, isStranger: boolean }): Promise<void> {
  const entry = { ...action, entryId: randomUUID() }
  if (bounds.isRefused || bounds.isStranger) {
    window ??= requestContext.exit(() => setTimeout(() => void flushActions(), WINDOW_MS).unref())
    if (!refusals.admits(entry, bounds.isStranger)) return
  }
  await write([entry])
}

/** Writes what was counted and what was kept, if the database answers. */
export function flushActions(): Promise<void> {
  clearTimeout(window)
  window = undefined
  return write(refusals.takeCounted())
}
